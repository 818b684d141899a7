package dev.selvage.weights.torch;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The tensors of a file that PyTorch saved (.pth, of either format) or that Detectron2 pickled
 * (.pkl, numpy arrays), by name. Nothing in the file is run.
 */
public final class TorchCheckpoint implements AutoCloseable {
  private static final int ZIP_MARK = 'P' | 'K' << 8 | 3 << 16 | 4 << 24;
  private static final int PICKLE_MARK = 0x80;

  private final Path file;
  private final Map<String, CheckpointTensor> tensors;
  private TorchZip zip;

  /**
   * @param bytes of the whole file
   * @throws UserError if it is damaged, or its pickle names what is not on the list
   */
  public TorchCheckpoint(Path file, ByteBuffer bytes) {
    this.file = file;
    try {
      tensors = guarded(() -> StateDict.of(read(file, bytes)));
    } catch (UserError e) {
      close();
      throw e;
    }
  }

  /** Whether a file begins like one of these. */
  public static boolean begins(ByteBuffer bytes) {
    return bytes.remaining() >= 4
        && (Integer.reverseBytes(bytes.getInt(0)) == ZIP_MARK
            || (bytes.get(0) & 0xFF) == PICKLE_MARK);
  }

  Map<String, CheckpointTensor> tensors() {
    return tensors;
  }

  /** Values of a tensor, row-major. */
  float[] values(CheckpointTensor tensor) {
    return guarded(tensor::values);
  }

  private Object read(Path path, ByteBuffer bytes) {
    if (Integer.reverseBytes(bytes.getInt(0)) == ZIP_MARK) {
      try {
        zip = new TorchZip(path);
        return zip.read();
      } catch (IOException e) {
        throw new PickleException("a damaged zip archive (%s)".formatted(e.getMessage()), e);
      }
    }
    return TorchLegacy.begins(bytes)
        ? TorchLegacy.read(bytes)
        : PickleMachine.read(new PickleInput(bytes), new NumpyGlobals(bytes.remaining()));
  }

  private <T> T guarded(Supplier<T> body) {
    try {
      return body.get();
    } catch (PickleException e) {
      throw refusal(e.getMessage(), e);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      throw refusal("a damaged one", e);
    }
  }

  private UserError refusal(String found, Throwable cause) {
    return new UserError(
        "%s: expected a checkpoint of PyTorch or Detectron2, found %s".formatted(file, found),
        cause);
  }

  @Override
  public void close() {
    if (zip != null) {
      zip.close();
    }
  }
}
