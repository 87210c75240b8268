package dev.modelsigning.content.internal.program;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.FoundNames;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that is a program according to its name or its first bytes. Its content is not read
 * further.
 */
public final class ProgramFile implements PartReader {

  private static final int ELF = 0x7f454c46;
  private static final int CAFE_BABE = 0xcafebabe;
  private static final int WASM = 0x0061736d;

  private final Optional<String> part;
  private final @Nullable Kind kind;
  private final FoundNames names = new FoundNames();

  /** Creates a reader from name and first bytes. */
  public ProgramFile(FileStart file) {
    this.part = file.part();
    Kind byBytes = byFirstBytes(file);
    this.kind = byBytes != null ? byBytes : byName(file);
    if (file.part().isPresent() && kind == Kind.PYTHON && isTorchScript(file.part().get())) {
      names.add(FoundNames.Rank.USUAL, "TorchScript");
    }
  }

  /** Source code that PyTorch compiles when it loads the file: {@code NAME/code/...py}. */
  private static boolean isTorchScript(String part) {
    return part.startsWith("code/") || part.contains("/code/");
  }

  private static @Nullable Kind byFirstBytes(FileStart file) {
    int magic = file.magic();
    if (magic >>> 16 == ('#' << 8 | '!')) {
      return Kind.PROGRAM;
    }
    if (magic >>> 16 == ('M' << 8 | 'Z')) {
      return portableExecutable(file);
    }
    return switch (magic) {
      case ELF,
          0xfeedface,
          0xfeedfacf,
          0xcefaedfe,
          0xcffaedfe,
          0xcafebabf,
          0xbebafeca,
          0xbfbafeca ->
          Kind.NATIVE_LIBRARY;
      case WASM -> Kind.PROGRAM;
      case CAFE_BABE -> fatOrClass(file);
      default -> null;
    };
  }

  /**
   * A macOS universal binary, or a Java class: the number that follows is that of architectures, or
   * the version of the class file, which is at least 45.
   */
  private static Kind fatOrClass(FileStart file) {
    int next = file.at(4) << 24 | file.at(5) << 16 | file.at(6) << 8 | file.at(7);
    return next >= 0 && next < 45 ? Kind.NATIVE_LIBRARY : Kind.PROGRAM;
  }

  /**
   * Many texts begin with these two letters; the offset in the word at 60 must lead to the letters
   * PE.
   */
  private static @Nullable Kind portableExecutable(FileStart file) {
    if (file.known() < 64) {
      return null;
    }
    long at = file.at(60) | file.at(61) << 8 | file.at(62) << 16 | (long) file.at(63) << 24;
    boolean isThere = at + 4 <= file.known() && file.has((int) at, "PE\0\0");
    boolean isBehind = at + 4 > file.known() && at + 4 <= file.size();
    return isThere || isBehind ? Kind.NATIVE_LIBRARY : null;
  }

  private static @Nullable Kind byName(FileStart file) {
    return switch (file.ending()) {
      case "py", "pyc", "pyo", "pyw", "pyx", "pyz", "ipynb", "whl", "egg" -> Kind.PYTHON;
      case "so",
          "dylib",
          "dll",
          "pyd",
          "node",
          "jnilib",
          "ko",
          "o",
          "a",
          "lib",
          "exe",
          "com",
          "scr",
          "sys" ->
          Kind.NATIVE_LIBRARY;
      case "sh",
          "bash",
          "zsh",
          "fish",
          "csh",
          "ksh",
          "bat",
          "cmd",
          "ps1",
          "psm1",
          "vbs",
          "js",
          "mjs",
          "cjs",
          "jar",
          "war",
          "class",
          "wasm",
          "pl",
          "rb",
          "php",
          "lua",
          "desktop",
          "applescript",
          "hta",
          "msi",
          "deb",
          "rpm",
          "apk",
          "lnk" ->
          Kind.PROGRAM;
      default -> file.baseName().contains(".so.") ? Kind.NATIVE_LIBRARY : null;
    };
  }

  @Override
  public boolean accept(ByteBuffer block) {
    return false;
  }

  @Override
  public void end(FoundFacts found) {
    if (kind != null) {
      found.runs(part, kind, names);
    }
  }
}
