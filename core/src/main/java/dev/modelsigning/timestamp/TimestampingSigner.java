package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs with another signer and adds a time stamp over the signature (RFC 3161), so that the
 * signature can be verified after its certificate has expired. Signers are immutable and may be
 * used by several threads if the other one may.
 */
public final class TimestampingSigner implements PayloadSigner {

  private final PayloadSigner signer;
  private final TimestampAuthority authority;
  private final @Nullable TimestampVerifier verifier;

  private TimestampingSigner(
      PayloadSigner signer, TimestampAuthority authority, @Nullable TimestampVerifier verifier) {
    this.signer = signer;
    this.authority = authority;
    this.verifier = verifier;
  }

  /** Returns a signer that obtains time stamps for its signatures from an authority. */
  public static TimestampingSigner using(PayloadSigner signer, TimestampAuthority authority) {
    return new TimestampingSigner(signer, authority, null);
  }

  /** Returns the same signer, which fails if this verifier does not accept the time stamp. */
  public TimestampingSigner verifyingBy(TimestampVerifier timestampVerifier) {
    return new TimestampingSigner(signer, authority, timestampVerifier);
  }

  @Override
  public void requireReady() throws IOException, SigningException {
    signer.requireReady();
  }

  @Override
  public List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException {
    List<SignedPayload> stamped = new ArrayList<>(payloads.size());
    for (SignedPayload signed : signer.sign(payloads)) {
      stamped.add(stamp(signed));
    }
    return stamped;
  }

  private SignedPayload stamp(SignedPayload signed) throws IOException, SigningException {
    Bundle bundle = signed.bundle();
    Bundle stamped = bundle.withTimestamp(authority.timestamp(bundle.envelope().signature()));
    List<VerificationTime> times = new ArrayList<>(signed.times());
    if (verifier != null) {
      TimestampVerifier.Result result = verifier.verify(stamped);
      Optional<Finding> problem = result.findings().stream().findFirst();
      if (problem.isPresent()) {
        throw new SigningException("nothing was signed: " + problem.get().message());
      }
      times.addAll(result.times());
    }
    return new SignedPayload(stamped, signed.signer(), times, signed.findings());
  }
}
