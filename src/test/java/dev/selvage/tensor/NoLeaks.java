package dev.selvage.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves more or fewer native tensors than there were before it. */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {
  private long before;

  @Override
  public void beforeEach(ExtensionContext context) {
    before = Tensor.live();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertEquals(before, Tensor.live(), "native tensors that are alive after the test");
  }
}
