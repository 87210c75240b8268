package dev.modelsigning.internal.keyfile;

import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProvider;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;

/**
 * Opens keys in PEM files by {@code file:} URIs (RFC 8089). A URI without a slash after the colon
 * is relative to the current directory.
 */
public final class FileKeyProvider implements KeyProvider {

  /** The JDK's replacement for bytes that are not UTF-8. */
  private static final char UNDECODED = '\uFFFD';

  /** Creates a provider without settings. */
  public FileKeyProvider() {}

  @Override
  public Set<String> uriSchemes() {
    return Set.of("file");
  }

  @Override
  public SigningKey open(URI key, KeyContext context) throws IOException, SigningException {
    Path file;
    try {
      file = file(key);
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
    return PrivateKeyFile.readAny(file, context.secrets());
  }

  @Override
  public PublicKey publicKey(URI key, KeyContext context) throws IOException, InvalidKeyException {
    try {
      return PublicKeyFile.readAny(file(key)).publicKey();
    } catch (UnusableTrustException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  @Override
  public List<Path> files(URI key, KeyContext context) throws IOException {
    try {
      return List.of(file(key));
    } catch (InvalidKeyException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Path file(URI key) throws InvalidKeyException {
    // The refused part is not shown, since it may contain a password.
    if (key.getRawQuery() != null
        || key.getRawFragment() != null
        || (key.isOpaque() && key.getRawSchemeSpecificPart().contains("?"))) {
      throw unusable("one with a query or fragment");
    }
    if (key.getRawAuthority() != null && !key.getRawAuthority().equalsIgnoreCase("localhost")) {
      throw unusable("one with a host");
    }
    try {
      if (!key.isOpaque()) {
        // Uses the bytes of the name, which need not be UTF-8, and on Windows the drive.
        return Path.of(URI.create("file://" + key.getRawPath()));
      }
      String path = key.getSchemeSpecificPart();
      if (path.indexOf(UNDECODED) < 0) {
        return Path.of(path);
      }
    } catch (IllegalArgumentException e) {
      InvalidKeyException invalid = unusable("one that is no path on this system");
      invalid.initCause(e);
      throw invalid;
    }
    throw unusable("one whose percent encoding is not UTF-8");
  }

  private static InvalidKeyException unusable(String found) {
    return new InvalidKeyException(
        "expected the URI of a file on this machine, such as file:/keys/key.pem, found " + found);
  }
}
