#!/usr/bin/python3
"""Makes the weight files beside it, each a different way to write the same few layers.

The tests read what is committed and never run this. To make the files anew (Debian: python3-h5py):

    src/test/resources/dev/selvage/weights/make_fixtures.py
"""
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
BN = ("gamma", "beta", "moving_mean", "moving_variance")
LAYERS = [
    ("conv1", "conv1", {"kernel": (3, 3, 3, 4), "bias": (4,)}),
    ("bn_conv1", "bn_conv1", {part: (4,) for part in BN}),
    ("rpn_model", "rpn_conv_shared", {"kernel": (1, 1, 4, 5), "bias": (5,)}),
    ("rpn_model", "rpn_class_raw", {"kernel": (1, 1, 5, 6), "bias": (6,)}),
]
KERAS1 = {"kernel": "W", "bias": "b", "moving_mean": "running_mean", "moving_variance": "running_std"}


def values(layer, part, shape):
    """Eighths that float16 holds exactly and that differ between arrays."""
    n = int(np.prod(shape))
    return ((np.arange(n) * 7 + sum(map(ord, layer + part))) % 129 / 8 - 8).reshape(shape).astype("f4")


def names(owner, attribute, texts, fixed, chunks=1):
    parts = np.array_split(np.array(texts), chunks)
    for i, part in enumerate(parts):
        data = np.array(list(part), "S") if fixed else list(part)
        owner.attrs[attribute + (str(i) if chunks > 1 else "")] = data


def write(root, suffix="", fixed=False, chunks=1, keras1=False, dtype="f4", **options):
    root.attrs["backend"] = b"tensorflow"
    root.attrs["keras_version"] = b"2.2.4"
    groups = {}
    for group, layer, parts in LAYERS:
        groups.setdefault(group, []).append((layer, parts))
    names(root, "layer_names", [b"input_image", *(g.encode() for g in groups)], fixed, chunks)
    root.create_group("input_image").attrs["weight_names"] = np.zeros((0,), "S1")
    for group, layers in groups.items():
        written = []
        made = root.create_group(group)
        for layer, parts in layers:
            for part, shape in parts.items():
                name = f"{layer}_{KERAS1.get(part, part)}_1:0" if keras1 else f"{layer}{suffix}/{part}:0"
                made.create_dataset(name, data=values(layer, part, shape), dtype=dtype, **options)
                written.append(name.encode())
        names(made, "weight_names", written, fixed, chunks)


def main():
    def file(name, **options):
        return h5py.File(os.path.join(HERE, name), "w", **options)

    with file("plain.h5") as f:
        write(f, suffix="_1")
    with file("full_model.h5") as f:
        f.attrs["model_config"] = b'{"class_name": "Model"}'
        f.create_group("optimizer_weights").attrs["weight_names"] = np.array([b"SGD/iter:0"])
        f["optimizer_weights"]["SGD/iter:0"] = np.int64(7)
        write(f.create_group("model_weights"), fixed=True, chunks=2, compression="gzip", shuffle=True)
    with file("half.h5", libver="latest") as f:
        write(f, dtype="<f2", compression="gzip")
    with file("double.h5", libver="latest") as f:
        write(f, fixed=True, dtype="<f8", fletcher32=True)
    with file("big_endian.h5", libver="latest") as f:
        write(f, dtype=">f4", compression="lzf")
    with file("keras1.h5") as f:
        write(f, fixed=True, keras1=True)
    with file("whole_numbers.h5") as f:
        write(f, dtype="<i4")
    with file("scale_offset.h5", libver="latest") as f:
        write(f, scaleoffset=3)
    with file("theano.h5") as f:
        write(f)
        f.attrs["backend"] = b"theano"
    with file("keras3.weights.h5") as f:                     # as Keras 3 saves *.weights.h5
        for layer in ("conv2d", "batch_normalization"):
            f[f"layers/{layer}/vars/0"] = values(layer, "0", (4,))
        f.create_group("vars")
    with file("linked.h5") as f:
        write(f)
        del f["conv1/conv1/bias:0"]
        f["conv1/conv1/bias:0"] = h5py.ExternalLink("plain.h5", "/conv1/conv1_1/bias:0")


if __name__ == "__main__":
    main()
