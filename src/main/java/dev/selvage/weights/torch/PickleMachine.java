package dev.selvage.weights.torch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pickle without running any of its code. A pickle is a program for a stack machine that
 * may call any function of Python; here it can call only what {@link Globals} has on its list, all
 * of it harmless Java, and use only the instructions that numbers, texts, bytes, lists, dicts and
 * such calls need (protocols 2 to 5). Lists and tuples become lists, dicts maps, bytes parts of the
 * file, None null.
 *
 * <p>What comes out may contain itself, or one list a thousand times: it is never compared, hashed
 * or printed as a whole.
 */
final class PickleMachine {
  /** What a pickle may name. */
  interface Globals {
    /** What a name refers to, or null if it is not on the list. */
    PickleFunction find(String module, String name);

    /** What an id refers to outside the pickle. */
    Object persistent(List<?> id);
  }

  /**
   * A limit on instructions. A model needs about ten thousand, and each makes at most one object.
   */
  private static final int MOST_STEPS = 1_000_000;

  /** Python's own long numbers: PyTorch marks its files with one of ten bytes. */
  private static final int LONGEST_NUMBER = 16;

  /** A limit on names and keys, which are compared and hashed as often as a pickle likes. */
  static final int LONGEST_NAME = 1000;

  private static final Object MARK = new Object();

  private final PickleInput in;
  private final Globals globals;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private PickleMachine(PickleInput in, Globals globals) {
    this.in = in;
    this.globals = globals;
  }

  /**
   * Reads one pickle, and nothing after it.
   *
   * @throws PickleException if it is damaged or uses what is not allowed
   */
  static Object read(PickleInput in, Globals globals) {
    PickleMachine machine = new PickleMachine(in, globals);
    int position = in.position();
    try {
      for (int step = 0; step < MOST_STEPS; step++) {
        position = in.position();
        int instruction = in.unsignedByte();
        if (instruction == '.') {
          return machine.pop();
        }
        machine.run(instruction);
      }
    } catch (PickleException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new PickleException("a pickle damaged at byte " + position, e);
    }
    throw new PickleException("a pickle of more than " + MOST_STEPS + " instructions");
  }

  private void run(int instruction) {
    switch (instruction) {
      case 0x80 -> protocol(in.unsignedByte());
      case 0x95 -> in.length(); // a frame only helps to read ahead
      case '(' -> push(MARK);
      case '0' -> pop();
      case '1' -> popToMark();
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.signedInt());
      case 'K' -> push((long) in.unsignedByte());
      case 'M' -> push((long) in.unsignedShort());
      case 0x8A -> push(number(in.unsignedByte()));
      case 'G' -> push(in.bigEndianDouble());
      case 'X' -> push(in.text(in.unsignedInt()));
      case 0x8C -> push(in.text(in.unsignedByte()));
      case 0x8D -> push(in.text(in.length()));
      case 'T', 'B' -> push(in.bytes(in.unsignedInt()));
      case 'U', 'C' -> push(in.bytes(in.unsignedByte()));
      case 0x8E, 0x96 -> push(in.bytes(in.length()));
      case ']' -> push(new ArrayList<>());
      case ')' -> push(List.of());
      case '}' -> push(new LinkedHashMap<>());
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 't' -> push(Collections.unmodifiableList(popToMark()));
      case 'a' -> append(popLast(1));
      case 'e' -> append(popToMark());
      case 's' -> setItems(popLast(2));
      case 'u' -> setItems(popToMark());
      case 'q' -> memo.put((long) in.unsignedByte(), top());
      case 'r' -> memo.put(in.unsignedInt(), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> push(remembered(in.unsignedByte()));
      case 'j' -> push(remembered(in.unsignedInt()));
      case 'c' -> push(global(in.line(), in.line()));
      case 0x93 -> {
        List<Object> names = popLast(2);
        push(global((String) names.get(0), (String) names.get(1)));
      }
      case 'R', 0x81 -> {
        List<?> arguments = (List<?>) pop();
        push(((PickleFunction) pop()).call(arguments));
      }
      case 'b' -> build(pop());
      case 'Q' -> push(globals.persistent((List<?>) pop()));
      default ->
          throw new PickleException(
              "the unsupported pickle instruction 0x%02x".formatted(instruction));
    }
  }

  private static void protocol(int version) {
    if (version < 2 || version > 5) {
      throw new PickleException("a pickle of protocol " + version + " instead of 2 to 5");
    }
  }

  /** A number of any size, the lowest byte first. */
  private Object number(int bytes) {
    if (bytes > LONGEST_NUMBER) {
      throw new PickleException("a number of " + bytes + " bytes in a pickle");
    }
    ByteBuffer part = in.bytes(bytes);
    byte[] reversed = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      reversed[bytes - 1 - i] = part.get(i);
    }
    BigInteger number = bytes == 0 ? BigInteger.ZERO : new BigInteger(reversed);
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  private PickleFunction global(String module, String name) {
    requireShort(module);
    requireShort(name);
    PickleFunction function = globals.find(module, name);
    if (function == null) {
      throw new PickleException(
          "a pickle with the name %s.%s, which is not allowed".formatted(module, name));
    }
    return function;
  }

  private void build(Object state) {
    Object object = top();
    if (object instanceof PickleFunction.Buildable buildable) {
      buildable.build(state);
    } else if (!(object instanceof Map)) { // a dict's attributes, such as a state_dict's versions
      throw new PickleException("a pickle that sets the state of an unsupported object");
    }
  }

  @SuppressWarnings("unchecked") // only lists and maps made here are ever on the stack
  private void append(List<Object> items) {
    ((List<Object>) top()).addAll(items);
  }

  @SuppressWarnings("unchecked")
  private void setItems(List<Object> items) {
    Map<Object, Object> map = (Map<Object, Object>) top();
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      if (!(key instanceof String || key instanceof Long)) {
        throw new PickleException(
            "a dict in a pickle with keys that are neither strings nor numbers");
      }
      // Nothing reads what lies under numbers: they are the optimizer's. Keys of one type keep a
      // map fast whatever their hashes are.
      if (key instanceof String name) {
        requireShort(name);
        map.put(name, items.get(i + 1));
      }
    }
  }

  /**
   * Refuses a long name.
   *
   * @throws PickleException if it is
   */
  static void requireShort(String name) {
    if (name.length() > LONGEST_NAME) {
      throw new PickleException("a name of %d characters in a pickle".formatted(name.length()));
    }
  }

  private Object remembered(long slot) {
    if (!memo.containsKey(slot)) {
      throw new PickleException("a pickle that reads a memo entry before it is written");
    }
    return memo.get(slot);
  }

  private List<Object> tuple(int size) {
    return Collections.unmodifiableList(popLast(size));
  }

  private void push(Object object) {
    stack.add(object);
  }

  private Object top() {
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    return stack.remove(stack.size() - 1);
  }

  private List<Object> popLast(int count) {
    List<Object> last = stack.subList(stack.size() - count, stack.size());
    List<Object> items = new ArrayList<>(last);
    last.clear();
    return items;
  }

  private List<Object> popToMark() {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw new PickleException("a pickle that uses a mark before it is set");
    }
    List<Object> items = popLast(stack.size() - 1 - mark);
    pop();
    return items;
  }
}
