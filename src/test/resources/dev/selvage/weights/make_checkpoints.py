#!/usr/bin/python3
"""Makes the checkpoints beside it: torchvision's and Detectron2's names, ranks and formats, a few channels wide.

The tests read what is committed and never run this. To make the files anew (Debian: python3-torch):

    src/test/resources/dev/selvage/weights/make_checkpoints.py
"""
import collections
import os
import pickle

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTHS = (1, 2, 2, 1)
STEM, PYRAMID, RPN, HIDDEN, MASK, CLASSES, POOL = 2, 3, 2, 4, 2, 3, 2


def values(name, *shape):
    """Eighths that bfloat16 holds exactly and that differ between arrays; variances are positive."""
    n = int(np.prod(shape))
    start = 0.125 if name.endswith("running_var") else -8
    return torch.tensor((np.arange(n) * 7 + sum(map(ord, name))) % 129 / 8 + start).float().reshape(shape)


class Model(collections.OrderedDict):
    def layer(self, name, *shape, bias=True):
        self[name + ".weight"] = values(name + ".weight", *shape)
        if bias:
            self[name + ".bias"] = values(name + ".bias", shape[0])

    def norm(self, name, channels, counted=False):
        for part in ("weight", "bias", "running_mean", "running_var"):
            self[f"{name}.{part}"] = values(f"{name}.{part}", channels)
        if counted:
            self[name + ".num_batches_tracked"] = torch.tensor(7)

    def resnet(self, stem, stem_norm, conv, norm, blocks, bottleneck, counted=False):
        self.layer(stem, STEM, 3, 7, 7, bias=False)
        self.norm(stem_norm, STEM, counted)
        channels = STEM
        for stage, (count, width) in enumerate(zip(blocks, WIDTHS), 2):
            width = STEM if stage == 2 and not bottleneck else width
            out = 4 * width if bottleneck else width
            for block in range(count):
                kernels = ((width, 1), (width, 3), (out, 1)) if bottleneck else ((width, 3), (out, 3))
                inside = channels
                for k, (c, side) in enumerate(kernels, 1):
                    self.layer(conv(stage, block, k), c, inside, side, side, bias=False)
                    self.norm(norm(stage, block, k), c, counted)
                    inside = c
                if block == 0 and (bottleneck or stage > 2):
                    self.layer(conv(stage, block, 0), out, channels, 1, 1, bias=False)
                    self.norm(norm(stage, block, 0), out, counted)
                channels = out
        return [4 * w if bottleneck else w for w in (WIDTHS if bottleneck else (STEM, *WIDTHS[1:]))]


def torchvision_resnet(body, blocks, bottleneck, counted=False):
    def name(part, shortcut):
        return lambda s, b, k: f"{body}layer{s - 1}.{b}." + (f"downsample.{shortcut}" if k == 0 else f"{part}{k}")
    model = Model()
    stages = model.resnet(body + "conv1", body + "bn1", name("conv", 0), name("bn", 1), blocks, bottleneck, counted)
    return model, stages


def torchvision(old):
    model, stages = torchvision_resnet("backbone.body.", (2, 2, 2, 2), False)
    for i, channels in enumerate(stages):
        model.layer(f"backbone.fpn.inner_blocks.{i}" + ("" if old else ".0"), PYRAMID, channels, 1, 1)
        model.layer(f"backbone.fpn.layer_blocks.{i}" + ("" if old else ".0"), PYRAMID, PYRAMID, 3, 3)
    model.layer("rpn.head.conv" + ("" if old else ".0.0"), RPN, PYRAMID, 3, 3)
    model.layer("rpn.head.cls_logits", 3, RPN, 1, 1)
    model.layer("rpn.head.bbox_pred", 12, RPN, 1, 1)
    model.layer("roi_heads.box_head.fc6", HIDDEN, PYRAMID * POOL * POOL)
    model.layer("roi_heads.box_head.fc7", HIDDEN, HIDDEN)
    model.layer("roi_heads.box_predictor.cls_score", CLASSES, HIDDEN)
    model.layer("roi_heads.box_predictor.bbox_pred", 4 * CLASSES, HIDDEN)
    for i in range(1, 5):
        name = f"roi_heads.mask_head.mask_fcn{i}" if old else f"roi_heads.mask_head.{i - 1}.0"
        model.layer(name, MASK, PYRAMID if i == 1 else MASK, 3, 3)
    model.layer("roi_heads.mask_predictor.conv5_mask", MASK, MASK, 2, 2)
    model.layer("roi_heads.mask_predictor.mask_fcn_logits", CLASSES, MASK, 1, 1)
    return model


def detectron2():
    body = "backbone.bottom_up."
    model = Model()

    def conv(s, b, k):
        return f"{body}res{s}.{b}." + ("shortcut" if k == 0 else f"conv{k}")
    stages = model.resnet(
        body + "stem.conv1", body + "stem.conv1.norm", conv, lambda *a: conv(*a) + ".norm", (3, 4, 6, 3), True)
    for level, channels in enumerate(stages, 2):
        model.layer(f"backbone.fpn_lateral{level}", PYRAMID, channels, 1, 1)
        model.layer(f"backbone.fpn_output{level}", PYRAMID, PYRAMID, 3, 3)
    for level, size in enumerate((32, 64, 128, 256, 512)):
        cells = [(np.sqrt(size * size / r), r) for r in (0.5, 1.0, 2.0)]
        model[f"proposal_generator.anchor_generator.cell_anchors.{level}"] = torch.tensor(
            [(-w / 2, -r * w / 2, w / 2, r * w / 2) for w, r in cells]).float()
    model.layer("proposal_generator.rpn_head.conv", RPN, PYRAMID, 3, 3)
    model.layer("proposal_generator.rpn_head.objectness_logits", 3, RPN, 1, 1)
    model.layer("proposal_generator.rpn_head.anchor_deltas", 12, RPN, 1, 1)
    model.layer("roi_heads.box_head.fc1", HIDDEN, PYRAMID * POOL * POOL)
    model.layer("roi_heads.box_head.fc2", HIDDEN, HIDDEN)
    model.layer("roi_heads.box_predictor.cls_score", CLASSES, HIDDEN)
    model.layer("roi_heads.box_predictor.bbox_pred", 4 * (CLASSES - 1), HIDDEN)
    for i in range(1, 5):
        model.layer(f"roi_heads.mask_head.mask_fcn{i}", MASK, PYRAMID if i == 1 else MASK, 3, 3)
    model.layer("roi_heads.mask_head.deconv", MASK, MASK, 2, 2)
    model.layer("roi_heads.mask_head.predictor", CLASSES - 1, MASK, 1, 1)
    return model


def in_one_storage(model):
    """As parts of one storage, since each storage takes a quarter of a kilobyte of a zip archive."""
    everything = torch.cat([t.reshape(-1).float() for t in model.values()])
    start = 0
    packed = collections.OrderedDict()
    for name, tensor in model.items():
        packed[name] = everything[start:start + tensor.numel()].view(tensor.shape)
        start += tensor.numel()
    return packed


def numpy_pickle(name, protocol, model, **more):
    arrays = {n: t.numpy() for n, t in model.items()}
    with open(os.path.join(HERE, name), "wb") as f:
        pickle.dump({"model": arrays, "__author__": "Selvage", **more}, f, protocol=protocol)


def main():
    def save(name, saved, **options):
        torch.save(saved, os.path.join(HERE, name), **options)

    new = in_one_storage(torchvision(old=False))
    other = {"conv": torch.float16, "fc6": torch.float64, "fc7": torch.bfloat16}
    for name in [n for n in new if n.startswith(("rpn.head.conv", "roi_heads.box_head"))]:
        kind = next(k for k in other if k in name)
        new[name] = torchvision(old=False)[name].to(other[kind])
    mask = "roi_heads.mask_head.0.0.weight"
    new[mask] = new[mask].contiguous(memory_format=torch.channels_last)
    save("torchvision.pth", {"model": new, "optimizer": {"state": {0: {"step": 12}}, "lr": 0.02}, "epoch": 3})
    save("torchvision_legacy.pth", {"module." + n: t for n, t in torchvision(old=True).items()},
         _use_new_zipfile_serialization=False)
    resnet, _ = torchvision_resnet("", (3, 4, 6, 3), True, counted=True)
    resnet.layer("fc", CLASSES, 4)
    save("resnet50.pth", in_one_storage(resnet))
    numpy_pickle("detectron2.pkl", 4, detectron2(), iteration=np.int64(90000))
    for protocol in (2, 3, 5):
        numpy_pickle(f"protocol{protocol}.pkl", protocol, {"a": values("a", 2, 3), "b": values("b", 4).double()})


if __name__ == "__main__":
    main()
