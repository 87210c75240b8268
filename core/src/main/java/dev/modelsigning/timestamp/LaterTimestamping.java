package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.LaterTimestamps;
import dev.modelsigning.bundle.LaterTimestamps.Stamp;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.file.WholeFile;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds time stamps (RFC 3161) to signatures that exist, so that what they prove outlives
 * certificates and algorithms. In a bundle with a bare key, the time stamp is added to the bundle.
 * For all others it is written {@linkplain LaterTimestamps beside} the bundle, whose certificate
 * must have been valid at each time in the bundle itself. The signature is not verified here.
 * Instances are immutable and may be used by several threads.
 */
public final class LaterTimestamping {

  private final TimestampAuthority authority;
  private final @Nullable TimestampVerifier verifier;

  private LaterTimestamping(TimestampAuthority authority, @Nullable TimestampVerifier verifier) {
    this.authority = authority;
    this.verifier = verifier;
  }

  /** Returns an instance that obtains time stamps from an authority. */
  public static LaterTimestamping by(TimestampAuthority authority) {
    return new LaterTimestamping(authority, null);
  }

  /** Returns the same instance, which adds nothing that this verifier does not accept. */
  public LaterTimestamping verifyingBy(TimestampVerifier timestampVerifier) {
    return new LaterTimestamping(authority, timestampVerifier);
  }

  /**
   * Adds a time stamp to a signature.
   *
   * @param signature the bundle's file, which is replaced as a whole if it is one with a bare key
   * @return what was added
   * @throws IOException if a file cannot be read or written, or was changed meanwhile, or the
   *     authority cannot be reached
   * @throws MalformedBundleException if the file is not a valid bundle
   * @throws SigningException if the answer of the authority is not a time stamp over this
   *     signature, or is not accepted, or no more can be added
   */
  public AddedTimestamp add(Path signature)
      throws IOException, MalformedBundleException, SigningException {
    StoredBundle stored = read(signature);
    Bundle bundle = stored.bundle();
    return isBeside(bundle) ? addBeside(signature, stored) : addInside(signature, stored);
  }

  /**
   * Whether a time stamp of a bundle is written beside its file. There, it must not lie in the
   * signed model, of which it would be an unsigned file.
   *
   * @param bundle the bundle, with the time stamps that are beside its file already
   */
  public static boolean isBeside(Bundle bundle) {
    // Changing a bundle would void what was made of its file.
    return !(bundle.verificationMaterial() instanceof PublicKeyIdentifier
        && bundle.laterTimestamps().isEmpty());
  }

  private static StoredBundle read(Path signature) throws IOException, MalformedBundleException {
    try {
      return StoredBundle.read(signature);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature, e);
    }
  }

  private AddedTimestamp addInside(Path signature, StoredBundle stored)
      throws IOException, MalformedBundleException, SigningException {
    Bundle bundle = stored.bundle();
    if (bundle.rfc3161Timestamps().size() >= TimestampVerifier.MAX_TOKENS) {
      throw full(signature);
    }
    Bytes covered = bundle.envelope().signature();
    Bytes response = authority.later(covered);
    Bundle stamped = bundle.withTimestamp(response);
    List<Finding> findings = new ArrayList<>();
    if (verifier != null) {
      try {
        verifier.verify(response, covered, finding -> {});
      } catch (UntrustedTimestampException e) {
        throw notAccepted(e);
      }
    }
    Optional<Instant> until = provedUntil(stamped, findings);
    requireUnchanged(signature, stored);
    stamped.write(signature);
    return new AddedTimestamp(signature, claimed(response), verifier != null, until, findings);
  }

  private AddedTimestamp addBeside(Path signature, StoredBundle stored)
      throws IOException, MalformedBundleException, SigningException {
    LaterTimestamps before = stored.bundle().laterTimestamps();
    Path file = LaterTimestamps.file(signature);
    Optional<Instant> latest = requireOver(before, file);
    if (before.stamps().size() >= LaterTimestamps.MOST) {
      throw full(file);
    }
    Bytes covered =
        before.next().orElseGet(() -> Bytes.of(HexFormat.of().parseHex(stored.sha256())));
    TimestampToken token = authority.overSha256(covered);
    if (latest.isPresent()
        && token.time().isBefore(latest.get().minus(TimestampVerifier.MAX_SKEW))) {
      throw new SigningException(
          "the time stamp is not accepted: its time "
              + token.time()
              + " is before "
              + latest.get()
              + ", that of one that it covers; nothing was added");
    }
    Stamp added = new Stamp(token.encoded(), covered);
    List<Stamp> stamps = new ArrayList<>(before.stamps());
    stamps.add(added);
    List<Finding> findings = new ArrayList<>();
    if (verifier != null) {
      try {
        verifier.verify(added, finding -> {});
      } catch (UntrustedTimestampException e) {
        throw notAccepted(e);
      }
    }
    LaterTimestamps all =
        new LaterTimestamps(file.toString(), stamps, Optional.empty(), Optional.empty());
    Optional<Instant> until = provedUntil(stored.bundle().withLaterTimestamps(all), findings);
    requireUnchanged(signature, stored);
    WholeFile.write(
        file,
        out -> {
          for (Stamp stamp : stamps) {
            stamp.token().writeTo(out);
          }
        });
    return new AddedTimestamp(file, claimed(token), verifier != null, until, findings);
  }

  /**
   * Requires that all is over this signature: another time stamp behind one that proves nothing
   * would prove nothing either.
   *
   * @return the latest time that is stated
   */
  private static Optional<Instant> requireOver(LaterTimestamps before, Path file)
      throws SigningException {
    Optional<String> problem = before.problem();
    Optional<Instant> latest = Optional.empty();
    try {
      for (Stamp stamp : before.stamps()) {
        Instant time = TimestampToken.over(stamp).time();
        latest = latest.filter(other -> other.isAfter(time)).or(() -> Optional.of(time));
      }
    } catch (UntrustedTimestampException e) {
      problem = Optional.of(String.valueOf(e.getMessage()));
    }
    if (problem.isPresent()) {
      throw new SigningException(
          file
              + ": does not belong to this signature: "
              + problem.get()
              + "; nothing was added. Restore the signature of which it was made, or move this file"
              + " away");
    }
    return latest;
  }

  private Optional<Instant> provedUntil(Bundle stamped, List<Finding> findings) {
    if (verifier == null) {
      return Optional.empty();
    }
    TimestampVerifier.Result result = verifier.verify(stamped);
    findings.addAll(result.findings());
    return VerificationTime.provedUntil(result.all());
  }

  private static void requireUnchanged(Path signature, StoredBundle stored)
      throws IOException, MalformedBundleException {
    StoredBundle now = read(signature);
    if (!now.sha256().equals(stored.sha256())
        || !now.bundle().laterTimestamps().equals(stored.bundle().laterTimestamps())) {
      throw new IOException(
          signature + ": was changed by somebody else meanwhile; nothing was added, try again");
    }
  }

  private static ClaimedTimestamp claimed(Bytes response) throws SigningException {
    try {
      return ClaimedTimestamp.read(response);
    } catch (UntrustedTimestampException e) {
      throw notAccepted(e);
    }
  }

  private static ClaimedTimestamp claimed(TimestampToken token) throws SigningException {
    try {
      return ClaimedTimestamp.of(token);
    } catch (UntrustedTimestampException e) {
      throw notAccepted(e);
    }
  }

  private static SigningException notAccepted(UntrustedTimestampException e) {
    return new SigningException(
        "the time stamp is not accepted: " + e.getMessage() + "; nothing was added", e);
  }

  private static SigningException full(Path file) {
    return new SigningException(
        file
            + ": has as many time stamps as are verified; nothing was added. The last one proves"
            + " those before it");
  }
}
