package dev.selvage.tensor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Owns tensors and frees them when it closes. Scopes nest on a thread: a new tensor belongs to the
 * innermost one, and {@link #keep} hands it to the next one out. Freeing is explicit because memory
 * outside the heap gives the garbage collector no reason to run.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *   Tensor hidden = Ops.matmul(x, w, b, true);
 *   return scope.keep(Ops.matmul(hidden, v, c, false)); // hidden is freed here
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

  private final Scope parent;
  private final boolean nested;
  private final Set<Tensor> tensors = new LinkedHashSet<>();

  private Scope(Scope parent, boolean nested) {
    this.parent = parent;
    this.nested = nested;
  }

  /** Opens a scope inside the current one of this thread. */
  public static Scope open() {
    Scope scope = new Scope(CURRENT.get(), true);
    CURRENT.set(scope);
    return scope;
  }

  /** Runs something inside a scope of its own, for its effects on tensors that exist already. */
  public static void run(Runnable body) {
    call(
        () -> {
          body.run();
          return null;
        });
  }

  /** Computes something that is no tensor inside a scope of its own. */
  public static <T> T call(Supplier<T> body) {
    Scope scope = open();
    try {
      return body.get();
    } finally {
      scope.close();
    }
  }

  /** A scope that is never the current one and owns only what it {@linkplain #adopt adopts}. */
  public static Scope detached() {
    return new Scope(null, false);
  }

  /**
   * @throws IllegalStateException if this thread has no open scope
   */
  static Scope current() {
    Scope scope = CURRENT.get();
    if (scope == null) {
      throw new IllegalStateException(
          "no scope is open on thread " + Thread.currentThread().getName());
    }
    return scope;
  }

  /**
   * Hands a tensor of this scope to the scope around it; one that another scope owns stays there.
   */
  public Tensor keep(Tensor tensor) {
    if (tensor.owner() == this) {
      if (parent == null) {
        throw new IllegalStateException(
            "the outermost scope has no scope around it to keep " + tensor);
      }
      parent.adopt(tensor);
    }
    return tensor;
  }

  /** Takes a tensor over from whichever scope owns it. */
  public Tensor adopt(Tensor tensor) {
    if (tensor.owner() != null) {
      tensor.owner().forget(tensor);
    }
    tensor.setOwner(this);
    tensors.add(tensor);
    return tensor;
  }

  void forget(Tensor tensor) {
    tensors.remove(tensor);
  }

  /** Frees what it owns, the youngest first, so that a view goes before its base. */
  @Override
  public void close() {
    if (nested) {
      if (CURRENT.get() != this) {
        throw new IllegalStateException(
            "scopes must be closed in reverse order on the thread that opened them");
      }
      if (parent == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(parent);
      }
    }
    List<Tensor> all = new ArrayList<>(tensors);
    for (int i = all.size() - 1; i >= 0; i--) {
      all.get(i).close();
    }
  }
}
