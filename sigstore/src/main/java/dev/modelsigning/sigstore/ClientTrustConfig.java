package dev.modelsigning.sigstore;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The trusted root and the services of a Sigstore instance, which a signer needs (Sigstore {@code
 * ClientTrustConfig}).
 *
 * @param trustedRoot the trust anchors for verification
 * @param signingConfig the services to use
 */
public record ClientTrustConfig(TrustedRoot trustedRoot, SigningConfig signingConfig) {

  /**
   * Loads a configuration from a file.
   *
   * @param file a {@code ClientTrustConfig} in JSON
   * @throws TrustConfigException if it is malformed, or has no signing configuration
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
