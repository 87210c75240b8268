package dev.modelsigning.content.internal.pickle;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.FoundNames;
import dev.modelsigning.content.internal.found.FoundNames.Rank;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.content.internal.found.ReadingRules;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads pickles, one behind the other. A loader runs each opcode as it comes to it, so what stands
 * before a fault counts.
 */
public final class PickleReader implements PartReader, PickleStream.Handler {

  /** How many opcodes are read of a file, which takes about a second. */
  static final long MAX_OPCODES = 100_000_000;

  /** How many pickles PyTorch wrote before it wrote zip files; raw tensors follow. */
  private static final int LEGACY_PICKLES = 5;

  /** The number in the first of them, 0x1950a86a20f9469cfc6c. */
  private static final byte[] LEGACY_MAGIC = {
    0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };

  private static final String UNKNOWN = "(unknown)";

  /** What is on the stack for joblib's class that stands for an array; no module is called so. */
  private static final String ARRAY_CLASS = "\0joblib array";

  private final Optional<String> part;
  private final boolean isExpected;
  private final long maxOpcodes;
  private final PickleStream stream = new PickleStream(this);
  private PickleStack stack = new PickleStack();
  private final FoundNames names = new FoundNames();

  private long opcodes;
  private long complete;
  private boolean completeWithProtocol;
  private boolean hasUsualImports;
  private boolean isLegacyTorch;
  private boolean isDone;
  private boolean isTooLong;
  private @Nullable String fault;

  // Of the present pickle.
  private long ownOpcodes;
  private boolean hasProtocol;
  private boolean hasImports;

  // Of an array of joblib in it.
  private long arrayDepth;
  private boolean isAtArray;
  private boolean hasRawArray;
  private @Nullable PickleStack outer;

  /** A reader of a file that may be a pickle. */
  public PickleReader(FileStart file) {
    this(file, MAX_OPCODES);
  }

  PickleReader(FileStart file, long maxOpcodes) {
    this.part = file.part();
    this.isExpected = isPickleName(file.ending()) || file.baseName().equals("data.pkl");
    this.maxOpcodes = maxOpcodes;
  }

  /** Whether names that end so promise a pickle, and not only data of some kind. */
  private static boolean isPickleName(String ending) {
    return switch (ending) {
      case "pkl", "pickle", "pk", "p", "joblib", "dill", "cloudpickle", "cpkl", "pckl" -> true;
      default -> false;
    };
  }

  /**
   * Whether bytes may be the start of a pickle of protocol 2 or newer, whatever the file is called.
   * The two older ones that are not written by anybody are taken by loaders.
   */
  public static boolean isStart(FileStart file) {
    return file.at(0) == Opcode.PROTO && file.at(1) >= 0 && file.at(1) <= 5;
  }

  @Override
  public boolean accept(ByteBuffer block) {
    if (isDone) {
      return false;
    }
    if (!stream.accept(block)) {
      isDone = true;
      if (stream.fault() != null) {
        fault = stream.fault();
      }
    }
    return !isDone;
  }

  @Override
  public boolean opcode(int opcode, long number) {
    if (ownOpcodes == 0) {
      hasProtocol = opcode == Opcode.PROTO;
    }
    opcodes++;
    ownOpcodes++;
    if (isAtArray) {
      beginArray(opcode);
    }
    if (opcodes > maxOpcodes) {
      isTooLong = true;
      return false;
    }
    if (opcode == Opcode.STOP) {
      return stop();
    }
    if (!apply(opcode, number) && !hasProtocol) {
      // With a protocol it is one for certain; whether a loader goes on is then left open.
      fault = "an opcode takes more than there is";
      return false;
    }
    return true;
  }

  /**
   * Behind the object that stands for an array, joblib writes what is in it: a pickle of its own,
   * if that is objects, and otherwise bytes as they are, in which opcodes mean nothing.
   */
  private void beginArray(int opcode) {
    isAtArray = false;
    if (opcode == Opcode.PROTO) {
      outer = stack;
      stack = new PickleStack();
    } else {
      hasRawArray = true;
    }
  }

  private boolean stop() {
    if (outer != null) {
      stack = outer;
      outer = null;
      return true;
    }
    if (stack.depth() == 0 && !hasProtocol) {
      fault = "it ends without a value";
      return false;
    }
    complete++;
    completeWithProtocol |= hasProtocol;
    stack.clear();
    ownOpcodes = 0;
    hasProtocol = false;
    hasImports = false;
    return !(isLegacyTorch && complete == LEGACY_PICKLES);
  }

  /** What an opcode does to stack and memo; false if there is less on the stack than it takes. */
  private boolean apply(int opcode, long number) {
    switch (opcode) {
      case Opcode.MARK -> stack.mark();
      case Opcode.POP -> {
        return stack.removeMark() || stack.remove(1);
      }
      case Opcode.POP_MARK -> {
        return stack.removeToMark();
      }
      case Opcode.DUP -> {
        stack.push(stack.peek());
        return stack.depth() > 1;
      }
      case Opcode.SHORT_BINUNICODE,
          Opcode.BINUNICODE,
          Opcode.BINUNICODE8,
          Opcode.BINSTRING,
          Opcode.SHORT_BINSTRING ->
          stack.push(stream.text());
      case Opcode.STRING -> stack.push(Escapes.string(stream.text()));
      case Opcode.UNICODE -> stack.push(Escapes.unicode(stream.text()));
      case Opcode.GET -> stack.get(index(stream.text()));
      case Opcode.BINGET, Opcode.LONG_BINGET -> stack.get(number);
      case Opcode.PUT -> stack.put(index(stream.text()));
      case Opcode.BINPUT, Opcode.LONG_BINPUT -> stack.put(number);
      case Opcode.MEMOIZE -> stack.memoize();
      case Opcode.GLOBAL -> {
        pushImported(stream.firstLine(), stream.text());
      }
      case Opcode.INST -> {
        imports(stream.firstLine(), stream.text());
        boolean hasMark = stack.removeToMark();
        stack.push(null);
        return hasMark;
      }
      case Opcode.STACK_GLOBAL -> {
        boolean isEnough = stack.depth() >= 2;
        if (!isEnough && !hasProtocol) {
          return false;
        }
        String name = stack.pop();
        pushImported(stack.pop(), name);
        return isEnough;
      }
      case Opcode.NEWOBJ -> {
        boolean isEnough = stack.depth() >= 2;
        stack.pop();
        boolean isArray = ARRAY_CLASS.equals(stack.pop());
        stack.push(null);
        if (isArray) {
          arrayDepth = stack.depth();
        }
        return isEnough;
      }
      case Opcode.BUILD -> {
        boolean isEnough = stack.remove(1);
        isAtArray = stack.depth() > 0 && stack.depth() == arrayDepth;
        if (isAtArray) {
          arrayDepth = 0;
        }
        return isEnough;
      }
      case Opcode.EXT1, Opcode.EXT2, Opcode.EXT4 -> {
        hasImports = true;
        names.add(Rank.STRIKING, "extension " + number + " of copyreg");
        stack.push(null);
      }
      default -> {
        if (opcode == Opcode.LONG1 && complete == 0 && stream.textIs(LEGACY_MAGIC)) {
          isLegacyTorch = ownOpcodes == 2;
        }
        int pops = Opcode.pops(opcode);
        boolean isEnough = pops == Opcode.TO_MARK ? stack.removeToMark() : stack.remove(pops);
        if (Opcode.pushes(opcode)) {
          stack.push(null);
        }
        return isEnough;
      }
    }
    return true;
  }

  private void pushImported(@Nullable String module, @Nullable String name) {
    imports(ARRAY_CLASS.equals(module) ? null : module, ARRAY_CLASS.equals(name) ? null : name);
    boolean isArray =
        module != null
            && (module.equals("joblib.numpy_pickle") || module.endsWith(".joblib.numpy_pickle"))
            && "NumpyArrayWrapper".equals(name);
    stack.push(isArray ? ARRAY_CLASS : null);
  }

  private void imports(@Nullable String module, @Nullable String name) {
    if (!hasProtocol && !(isName(module) && isName(name))) {
      // Data of some other kind that looks like a pickle at its beginning.
      return;
    }
    hasImports = true;
    if (module == null || name == null) {
      names.add(
          Rank.STRIKING,
          (module == null ? UNKNOWN : module) + "." + (name == null ? UNKNOWN : name));
      return;
    }
    Rank rank = UsualImports.rank(module, name);
    if (rank == Rank.USUAL) {
      hasUsualImports = true;
    } else {
      names.add(rank, module + "." + name);
    }
  }

  /** Whether Python can have something of this name. */
  private static boolean isName(@Nullable String text) {
    return text == null
        || (!text.isEmpty()
            && text.chars()
                .allMatch(c ->
                    c < 0x80
                        ? Character.isLetterOrDigit(c) || c == '_' || c == '.'
                        : Character.isJavaIdentifierPart(c)));
  }

  /** A number in digits; -1 if it is none that everybody reads alike. */
  private static long index(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long index = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      index = index * 10 + c - '0';
    }
    return index;
  }

  @Override
  public void end(FoundFacts found) {
    boolean isCut = !isDone && (ownOpcodes > 0 || !stream.isBetweenOpcodes());
    if (isCut) {
      fault = "it ends before its last opcode";
      if (stream.firstLine() != null) {
        imports(stream.firstLine(), stream.text());
      }
    }
    boolean endsWhole = !isDone && ownOpcodes == 0 && stream.isBetweenOpcodes();
    boolean isOne =
        !names.isEmpty()
            || hasUsualImports
            || (complete > 0 && (isExpected || completeWithProtocol || endsWhole))
            || (isExpected && hasProtocol && ownOpcodes > 1);
    if (!isOne) {
      if (isExpected) {
        found.finding(
            ReadingRules.CONTENT_NOT_SEARCHED, part, "expected a pickle, found something else");
      }
      return;
    }
    found.runs(part, Kind.PICKLE, names);
    if (isTooLong) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          part,
          "the pickle has more than " + maxOpcodes + " opcodes");
    } else if (hasRawArray || (isAtArray && fault != null)) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          part,
          "what follows the first array of joblib in it cannot be told from the array");
    } else if (fault != null && (complete == 0 || hasImports)) {
      found.finding(
          ReadingRules.CONTENT_BROKEN,
          part,
          "a pickle cannot be read beyond byte " + stream.position() + ": " + fault);
    }
  }
}
