package dev.modelsigning.cli.inspect;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.certificate.ClaimedSigner;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.VerifyingKey;
import dev.modelsigning.sigstore.SigstoreClaims;
import dev.modelsigning.timestamp.ClaimedTimestamp;
import dev.modelsigning.timestamp.UntrustedTimestampException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who signed a bundle and when, by what it says of itself, under the names that a verdict has for
 * it. Nothing of it is verified. What cannot be read is shown as such: the rest is worth seeing.
 */
final class Claims {

  private static final String UNREADABLE = "cannot be read: ";

  private Claims() {}

  /** Adds all that a bundle says of its signer. */
  static void addTo(Facts facts, Bundle bundle) {
    if (bundle.verificationMaterial() instanceof PublicKeyIdentifier key) {
      facts.add(
          "signer",
          "key " + VerifyingKey.claimedFingerprint(key).orElse("that the file does not name"));
      addCount(facts, bundle, "");
    } else if (bundle.tlogEntries().isEmpty()) {
      addOwner(facts, bundle);
      addCount(facts, bundle, "");
    } else {
      addKeyless(facts, bundle);
    }
    facts.addList("time stamps", stamps(bundle));
  }

  private static void addCount(Facts facts, Bundle bundle, String more) {
    facts.add("log entries", bundle.tlogEntries().size() + more);
  }

  private static void addOwner(Facts facts, Bundle bundle) {
    try {
      Optional<CertificateIdentity> owner = ClaimedSigner.read(bundle);
      owner.ifPresent(facts::addSigner);
    } catch (MalformedBundleException e) {
      facts.add("signer", "certificate that " + UNREADABLE + e.getMessage());
    }
  }

  private static void addKeyless(Facts facts, Bundle bundle) {
    SigstoreClaims claims;
    try {
      claims = SigstoreClaims.read(bundle);
    } catch (MalformedBundleException | VerificationException e) {
      // A certificate of another authority can have log entries beside it, too.
      addOwner(facts, bundle);
      addCount(facts, bundle, " (not as Sigstore has them: " + e.getMessage() + ")");
      return;
    }
    facts.addSigner(claims.signer());
    facts.addList(
        "log entries",
        claims.logEntries().stream()
            .map(each ->
                each.index()
                    + each.time().map(time -> " at " + time).orElse(" without a time")
                    + ", "
                    + each.origin())
            .toList());
  }

  /** When and by whom, for as many as are shown. */
  private static List<String> stamps(Bundle bundle) {
    List<Bytes> all = bundle.rfc3161Timestamps();
    if (all.isEmpty()) {
      return List.of("0");
    }
    List<String> lines = new ArrayList<>();
    for (Bytes stamp : all.subList(0, Math.min(all.size(), Facts.MOST_LINES - 1))) {
      try {
        lines.add(ClaimedTimestamp.read(stamp).toString());
      } catch (UntrustedTimestampException e) {
        lines.add(UNREADABLE + e.getMessage());
      }
    }
    if (lines.size() < all.size()) {
      lines.add("... and " + (all.size() - lines.size()) + " more");
    }
    return lines;
  }
}
