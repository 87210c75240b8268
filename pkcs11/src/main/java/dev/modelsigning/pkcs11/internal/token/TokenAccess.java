package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.internal.platform.UserDirectories;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.ModuleDirectories;
import dev.modelsigning.pkcs11.internal.cryptoki.ModuleLoader;
import dev.modelsigning.pkcs11.internal.cryptoki.TokenModule;
import dev.modelsigning.pkcs11.internal.uri.PercentEncoding;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.pkcs11.internal.uri.UriAttribute;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SecretSource;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to access tokens, in addition to their URI: the module, the source of the PIN, and the
 * listener for findings. Instances are immutable.
 */
public final class TokenAccess {

  /** The option of a {@link KeyContext} that names the module. */
  public static final String MODULE_PATH = "pkcs11.module-path";

  private final KeyContext context;
  private final @Nullable TokenModule loaded;

  private TokenAccess(KeyContext context, @Nullable TokenModule loaded) {
    this.context = context;
    this.loaded = loaded;
  }

  /** Returns the settings for tokens in a context. */
  public static TokenAccess of(KeyContext context) {
    return new TokenAccess(context, null);
  }

  /** For tests: uses this implementation instead of loading a module. */
  public TokenAccess withCryptoki(Cryptoki other) {
    return new TokenAccess(context, new TokenModule(() -> other));
  }

  SecretSource pins() {
    return context.secrets();
  }

  void report(Rule rule, String message) {
    context.report(Finding.of(rule, message));
  }

  private Optional<Path> module() throws SigningException {
    try {
      return context.option(MODULE_PATH).map(Path::of);
    } catch (InvalidPathException e) {
      throw new SigningException(
          "the path of the PKCS #11 module is not one on this system: " + e.getReason(), e);
    }
  }

  /** Loads the module for a URI. */
  public LoadedModule load(TokenUri uri) throws IOException, SigningException {
    Optional<Path> module = module();
    Map<UriAttribute, Bytes> naming = new EnumMap<>(UriAttribute.class);
    for (UriAttribute each : List.of(UriAttribute.MODULE_NAME, UriAttribute.MODULE_PATH)) {
      uri.bytes(each).ifPresent(value -> naming.put(each, value));
    }
    module.ifPresent(
        file -> naming.put(UriAttribute.MODULE_PATH, PercentEncoding.utf8(file.toString())));
    return new LoadedModule(loaded == null ? find(uri, module.orElse(null)) : loaded, naming);
  }

  private static TokenModule find(TokenUri uri, @Nullable Path module)
      throws IOException, SigningException {
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
   * A loaded module.
   *
   * @param naming the attributes that identify it in a URI
   */
  public record LoadedModule(TokenModule module, Map<UriAttribute, Bytes> naming) {

    /** Copies the attributes. */
    public LoadedModule {
      naming = Map.copyOf(naming);
    }
  }
}
