package dev.modelsigning.cli.inspect;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.sigstore.SigstoreClaims;

/**
 * Reads the claims of keyless bundles for the core library, which does not depend on the module
 * sigstore.
 */
public final class Claims {

  private Claims() {}

  /** Reads a bundle, without verification. */
  public static KeylessClaims read(Bundle bundle)
      throws MalformedBundleException, VerificationException {
    SigstoreClaims claims = SigstoreClaims.read(bundle);
    return new KeylessClaims(
        claims.signer(),
        claims.logEntries().stream()
            .map(each -> new KeylessClaims.LogEntry(each.index(), each.time(), each.origin()))
            .toList());
  }
}
