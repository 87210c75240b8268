package dev.modelsigning.pkcs11.internal.cryptoki;

import com.sun.jna.NativeLibrary;
import dev.modelsigning.internal.platform.UserDirectories;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Loads PKCS #11 modules, with explanations of failures. */
public final class ModuleLoader {

  /**
   * The modules of this process. They are never unloaded or finalized: other code may use them too,
   * and unloading native code that is running crashes the JVM.
   */
  private static final Map<Path, TokenModule> LOADED = new ConcurrentHashMap<>();

  private ModuleLoader() {}

  /**
   * Loads and initialises the module in a file.
   *
   * @throws IOException if there is no such file, or it cannot be loaded
   * @throws SigningException if it is not a PKCS #11 module, or fails
   */
  public static TokenModule load(Path file) throws IOException, SigningException {
    if (!Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(),
          null,
          Files.exists(file)
              ? "is not a file, expected a PKCS #11 module"
              : "does not exist, expected a PKCS #11 module");
    }
    // With a directory: a bare file name would be searched for in LD_LIBRARY_PATH.
    Path real = file.toRealPath();
    TokenModule module =
        LOADED.computeIfAbsent(real, key -> new TokenModule(() -> open(file, key)));
    module.call(cryptoki -> cryptoki); // initialises it now, or reports why that fails
    return module;
  }

  private static Cryptoki open(Path file, Path real) throws IOException, SigningException {
    StructureLayout layout;
    try {
      NativePart.load();
      layout = StructureLayout.ofThisPlatform();
    } catch (LinkageError e) {
      throw new IOException(
          "the native part of JNA, which calls PKCS #11 modules, cannot be loaded ("
              + firstLine(e)
              + "); if programs may not be run from the directory for temporary files (noexec), name"
              + " another one with -Djna.tmpdir=DIR, for the launcher in JAVA_OPTS",
          e);
    }
    NativeLibrary library;
    try {
      library = NativeLibrary.getInstance(real.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new SigningException(
          file + ": cannot be loaded as a PKCS #11 module: " + firstLine(e), e);
    }
    try {
      NativeFunctions functions = NativeFunctions.of(library, layout);
      functions.initialize();
      return new JnaCryptoki(functions);
    } catch (UnsatisfiedLinkError e) {
      throw new SigningException(
          file + ": is not a PKCS #11 module, since it has no C_GetFunctionList", e);
    } catch (CryptokiException e) {
      throw new SigningException(
          file
              + ": the PKCS #11 module does not start: "
              + e.getMessage()
              + "; look at its configuration and whether its token is attached"
              + (file.toString().contains("softhsm")
                  ? " (SoftHSM reads the file that SOFTHSM2_CONF names)"
                  : "")
              + (UserDirectories.current().home().isEmpty()
                  ? "; you have no home directory, which p11-kit wants: " + UserDirectories.ADVICE
                  : ""),
          e);
    }
  }

  private static String firstLine(Error e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given").strip();
  }
}
