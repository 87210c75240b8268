package dev.modelsigning.sigstore;

import java.io.IOException;
import java.nio.file.Path;

/**
 * All that a signer needs to know about a Sigstore instance (Sigstore {@code ClientTrustConfig}).
 *
 * @param trustedRoot whom to trust
 * @param signingConfig which services to use
 */
public record ClientTrustConfig(TrustedRoot trustedRoot, SigningConfig signingConfig) {

  /**
   * Loads a configuration from a file.
   *
   * @param file a {@code ClientTrustConfig} in JSON
   * @throws TrustConfigException if it is not one, or has no signing configuration
   * @throws IOException if the file cannot be read
   */
  public static ClientTrustConfig load(Path file) throws IOException {
    return of(TrustConfigDocument.read(file));
  }

  static ClientTrustConfig of(TrustConfigDocument document) throws TrustConfigException {
    TrustConfigDocument.Part signing =
        document
            .signingConfig()
            .orElseThrow(() ->
                new TrustConfigException(
                    document.trustedRoot().document()
                        + ": has no signingConfig; that is enough to verify, but not to sign"));
    return new ClientTrustConfig(
        TrustedRoot.parse(document.trustedRoot()), SigningConfig.parse(signing));
  }
}
