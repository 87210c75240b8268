package dev.modelsigning.content.internal.pickle;

import dev.modelsigning.content.internal.found.Budget;
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
 * Reads consecutive pickles. A loader runs each opcode as it is read, so content before an error
 * counts.
 */
public final class PickleReader implements PartReader, PickleStream.Handler {

  /** The number of pickles that PyTorch wrote before it used zip files; raw tensors follow. */
  private static final int LEGACY_PICKLES = 5;

  /** The number in the first of them, 0x1950a86a20f9469cfc6c. */
  private static final byte[] LEGACY_MAGIC = {
    0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };

  private static final String UNKNOWN = "(unknown)";

  /** The placeholder on the stack for joblib's class of an array; no module has this name. */
  private static final String ARRAY_CLASS = "\0joblib array";

  private final Optional<String> part;
  private final boolean isExpected;
  private final boolean mayGoOn;
  private final long maxOpcodes;
  private final Budget budget;
  private final PickleStream stream = new PickleStream(this);
  private final FoundNames names = new FoundNames();

  private PickleStack stack = new PickleStack();

  /** The stack of a loader that keeps its memo between pickles, from the second pickle on. */
  private @Nullable PickleStack shared;

  private long opcodes;
  private long complete;
  private boolean completeWithProtocol;
  private boolean hasUsualImports;
  private boolean isLegacyTorch;
  private boolean isDone;
  private boolean isTooLong;
  private @Nullable String fault;

  // The number of opcodes in the current pickle.
  private long ownOpcodes;
  private boolean hasProtocol;
  private boolean hasImports;

  // The stack depth of a joblib array in it.
  private long arrayDepth;
  private boolean isAtArray;
  private boolean hasRawArray;
  private @Nullable PickleStack outer;

  /** Creates a reader of a possible pickle. */
  public PickleReader(FileStart file) {
    this(file, Budget.MAX_OPCODES);
  }

  PickleReader(FileStart file, long maxOpcodes) {
    this.part = file.part();
    boolean hasName = isPickleName(file.ending());
    // A zip file, or an opcode with a line of text, after which any text could be further opcodes.
    boolean isArchive = file.has(0, "PK\3\4");
    this.isExpected = hasName && !isArchive;
    this.mayGoOn = !isTorchName(file.ending());
    this.isDone = isArchive && !hasName;
    this.maxOpcodes = maxOpcodes;
    this.budget = file.budget();
  }

  /** Whether this extension means a pickle, and not only some kind of data. */
  private static boolean isPickleName(String ending) {
    return switch (ending) {
      case "pkl", "pickle", "pk", "p", "joblib", "dill", "cloudpickle", "cpkl", "pckl" -> true;
      default -> false;
    };
  }

  /** Whether PyTorch loads files with this extension: it does not read beyond its own pickles. */
  private static boolean isTorchName(String ending) {
    return switch (ending) {
      case "pt", "pth", "bin", "ckpt" -> true;
      default -> false;
    };
  }

  /**
   * Whether bytes may be the start of a pickle of protocol 2 or newer, whatever the file is called.
   * Nobody writes versions 0 and 1 there, but loaders accept them.
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
    if (opcodes > maxOpcodes || !budget.takeOpcode() || isTooLong) {
      isTooLong = true;
      return false;
    }
    if (opcode == Opcode.STOP) {
      return stop();
    }
    look(opcode, number);
    boolean isEnough = move(stack, opcode, number);
    if (shared != null) {
      move(shared, opcode, number);
    }
    if (!isEnough && !isPickle()) {
      // In a file that is certainly a pickle, it is undetermined whether a loader continues.
      fault = "an opcode takes more than there is";
      return false;
    }
    return true;
  }

  /** Whether it is certainly a pickle, by its first bytes or by its name. */
  private boolean isPickle() {
    return hasProtocol || isExpected;
  }

  /**
   * After the object for an array, joblib writes the content: a separate pickle for objects,
   * otherwise raw bytes, in which opcodes have no meaning.
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
    if (stack.depth() == 0 && !isPickle()) {
      fault = "it ends without a value";
      return false;
    }
    complete++;
    completeWithProtocol |= hasProtocol;
    if (shared == null) {
      shared = stack;
      stack = new PickleStack();
    } else {
      stack.clear();
    }
    shared.clearValues();
    ownOpcodes = 0;
    hasProtocol = false;
    hasImports = false;
    return mayGoOn || !isLegacyTorch || complete < LEGACY_PICKLES;
  }

  /** Examines what an opcode imports, before it is applied to the stack. */
  private void look(int opcode, long number) {
    switch (opcode) {
      case Opcode.GLOBAL, Opcode.INST -> imports(stream.firstLine(), stream.text());
      case Opcode.STACK_GLOBAL -> {
        if (stack.depth() >= 2 || isPickle()) {
          stackGlobal(text(stack, 1), text(stack, 0));
        }
      }
      case Opcode.EXT1, Opcode.EXT2, Opcode.EXT4 -> {
        hasImports = true;
        names.add(Rank.STRIKING, "extension " + number + " of copyreg");
      }
      case Opcode.LONG1 -> {
        if (complete == 0 && stream.textIs(LEGACY_MAGIC)) {
          isLegacyTorch = ownOpcodes == 2;
        }
      }
      default -> {}
    }
  }

  /**
   * An import with names from the stack, which can be different for a loader that keeps its memo
   * between pickles.
   */
  private void stackGlobal(@Nullable String module, @Nullable String name) {
    String sharedModule = shared == null ? null : text(shared, 1);
    String sharedName = shared == null ? null : text(shared, 0);
    if (sharedModule != null && sharedName != null) {
      if (module == null || name == null) {
        // Only such a loader gets past this point.
        imports(sharedModule, sharedName);
        return;
      }
      if (UsualImports.rank(sharedModule, sharedName) == Rank.STRIKING) {
        // Other names result when unrelated pickles are interpreted in this way.
        imports(sharedModule, sharedName);
      }
    }
    imports(module, name);
  }

  /**
   * Applies an opcode to stack and memo; returns false if the stack has fewer values than it needs.
   */
  private boolean move(PickleStack on, int opcode, long number) {
    switch (opcode) {
      case Opcode.MARK -> on.mark();
      case Opcode.POP -> {
        return on.removeMark() || on.remove(1);
      }
      case Opcode.POP_MARK -> {
        return on.removeToMark();
      }
      case Opcode.DUP -> {
        on.push(on.peek(0));
        return on.depth() > 1;
      }
      case Opcode.SHORT_BINUNICODE,
          Opcode.BINUNICODE,
          Opcode.BINUNICODE8,
          Opcode.BINSTRING,
          Opcode.SHORT_BINSTRING ->
          on.push(stream.text());
      case Opcode.STRING -> on.push(Escapes.string(stream.text()));
      case Opcode.UNICODE -> on.push(Escapes.unicode(stream.text()));
      case Opcode.GET -> on.get(index(stream.text()));
      case Opcode.BINGET, Opcode.LONG_BINGET -> on.get(number);
      case Opcode.PUT -> on.put(index(stream.text()));
      case Opcode.BINPUT, Opcode.LONG_BINPUT -> on.put(number);
      case Opcode.MEMOIZE -> on.memoize();
      case Opcode.GLOBAL -> on.push(arrayClass(stream.firstLine(), stream.text()));
      case Opcode.STACK_GLOBAL -> {
        String type = arrayClass(on.peek(1), on.peek(0));
        boolean isEnough = on.remove(2);
        on.push(type);
        return isEnough;
      }
      case Opcode.NEWOBJ -> {
        boolean isArray = ARRAY_CLASS.equals(on.peek(1));
        boolean isEnough = on.remove(2);
        on.push(null);
        if (isArray && on == stack) {
          arrayDepth = stack.depth();
        }
        return isEnough;
      }
      case Opcode.BUILD -> {
        boolean isEnough = on.remove(1);
        if (on == stack) {
          isAtArray = stack.depth() > 0 && stack.depth() == arrayDepth;
          arrayDepth = isAtArray ? 0 : arrayDepth;
        }
        return isEnough;
      }
      case Opcode.INST -> {
        boolean hasMark = on.removeToMark();
        on.push(null);
        return hasMark;
      }
      default -> {
        int pops = Opcode.pops(opcode);
        boolean isEnough = pops == Opcode.TO_MARK ? on.removeToMark() : on.remove(pops);
        if (Opcode.pushes(opcode)) {
          on.push(null);
        }
        return isEnough;
      }
    }
    return true;
  }

  /** A text on the stack that comes from the file, and is not one of our placeholders. */
  private static @Nullable String text(PickleStack of, int below) {
    String text = of.peek(below);
    return ARRAY_CLASS.equals(text) ? null : text;
  }

  /** The placeholder on the stack for an imported class. */
  private static @Nullable String arrayClass(@Nullable String module, @Nullable String name) {
    boolean isArray =
        module != null
            && (module.equals("joblib.numpy_pickle") || module.endsWith(".joblib.numpy_pickle"))
            && "NumpyArrayWrapper".equals(name);
    return isArray ? ARRAY_CLASS : null;
  }

  private void imports(@Nullable String module, @Nullable String name) {
    if (!isPickle() && !(isName(module) && isName(name))) {
      // Other data that looks like a pickle at its beginning.
      return;
    }
    hasImports = true;
    if (!budget.takeImport()) {
      // The next opcode is not read.
      isTooLong = true;
    }
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

  /** Whether this can be a name in Python. */
  private static boolean isName(@Nullable String text) {
    return text == null
        || (!text.isEmpty()
            && text.chars()
                .allMatch(c ->
                    c < 0x80
                        ? Character.isLetterOrDigit(c) || "_.-".indexOf(c) >= 0
                        : Character.isJavaIdentifierPart(c)));
  }

  /** A number in digits; -1 if it is ambiguous. */
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
      if (isTooLong) {
        // This many opcodes are no coincidence, and what follows them is unknown.
        found.finding(ReadingRules.CONTENT_NOT_SEARCHED, part, tooLong());
      } else if (isExpected) {
        found.finding(
            ReadingRules.CONTENT_NOT_SEARCHED, part, "expected a pickle, found something else");
      }
      return;
    }
    found.runs(part, Kind.PICKLE, names);
    if (isTooLong) {
      found.finding(ReadingRules.CONTENT_NOT_SEARCHED, part, tooLong());
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

  private String tooLong() {
    return "expected at most "
        + maxOpcodes
        + " opcodes of pickles and "
        + Budget.MAX_IMPORTS
        + " imports in a file, found more";
  }
}
