package dev.selvage.tensor;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs each test inside a scope of its own. */
public final class OpenScope implements BeforeEachCallback, AfterEachCallback {
  private Scope scope;

  @Override
  public void beforeEach(ExtensionContext context) {
    scope = Scope.open();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    scope.close();
  }
}
