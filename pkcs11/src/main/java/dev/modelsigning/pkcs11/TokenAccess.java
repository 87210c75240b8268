package dev.modelsigning.pkcs11;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.platform.UserDirectories;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How to get at tokens, where their URI does not say: which module, where the PIN comes from, who
 * hears warnings. Values are immutable.
 */
public final class TokenAccess {

  private final @Nullable Path module;
  private final PinSource pins;
  private final Consumer<String> warnings;
  private final @Nullable TokenModule loaded;

  private TokenAccess(
      @Nullable Path module,
      PinSource pins,
      Consumer<String> warnings,
      @Nullable TokenModule loaded) {
    this.module = module;
    this.pins = pins;
    this.warnings = warnings;
    this.loaded = loaded;
  }

  /** The module of p11-kit, no PIN, and nobody who hears warnings. */
  public static TokenAccess withDefaults() {
    return new TokenAccess(null, token -> null, warning -> {}, null);
  }

  /**
   * The same with the module in a file.
   *
   * @param file the module's library, or a directory with the one that the URI names; a relative
   *     path starts at the current directory
   */
  public TokenAccess withModule(Path file) {
    return new TokenAccess(file, pins, warnings, loaded);
  }

  /** The same with a source of PINs, which is asked if the URI has none. */
  public TokenAccess withPins(PinSource source) {
    return new TokenAccess(module, source, warnings, loaded);
  }

  /**
   * The same with somebody who hears what the owner of a token should know: before the PIN is tried
   * that only one try is left, at the end that the session does not end.
   */
  public TokenAccess withWarnings(Consumer<String> listener) {
    return new TokenAccess(module, pins, listener, loaded);
  }

  /** The same with calls that go to this in place of a module. */
  TokenAccess withCryptoki(Cryptoki other) {
    return new TokenAccess(module, pins, warnings, new TokenModule(() -> other));
  }

  PinSource pins() {
    return pins;
  }

  void warn(String warning) {
    warnings.accept(warning);
  }

  /** The module for a URI, loaded. */
  LoadedModule load(Pkcs11Uri uri) throws IOException, SigningException {
    Map<UriAttribute, Bytes> naming = new EnumMap<>(UriAttribute.class);
    for (UriAttribute each : List.of(UriAttribute.MODULE_NAME, UriAttribute.MODULE_PATH)) {
      uri.bytes(each).ifPresent(value -> naming.put(each, value));
    }
    if (module != null) {
      naming.put(UriAttribute.MODULE_PATH, PercentEncoding.utf8(module.toString()));
    }
    return new LoadedModule(loaded == null ? find(uri) : loaded, naming);
  }

  private TokenModule find(Pkcs11Uri uri) throws IOException, SigningException {
    Optional<String> variable = UserDirectories.relativeVariable(System.getenv());
    if (variable.isPresent()) {
      throw new SigningException(
          "the variable "
              + variable.get()
              + " is not an absolute path, so a PKCS #11 module would read its configuration below"
              + " the current directory; set it to one, or unset it");
    }
    return ModuleLoader.load(ModuleDirectories.ofThisPlatform().find(uri, module));
  }

  /**
   * A module that can be called.
   *
   * @param naming the attributes by which a URI names it
   */
  record LoadedModule(TokenModule module, Map<UriAttribute, Bytes> naming) {

    LoadedModule {
      naming = Map.copyOf(naming);
    }
  }
}
