package dev.modelsigning.timestamp;

import dev.modelsigning.BundleSigner;
import dev.modelsigning.SigningException;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Statement;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs by another signer and adds a time stamp over the signature (RFC 3161), so that the
 * signature can be verified after its certificate has expired. Signers are immutable and may be
 * used by several threads if the other one may.
 */
public final class TimestampingSigner implements BundleSigner {

  private final BundleSigner signer;
  private final TimestampAuthority authority;
  private final @Nullable TimestampVerifier verifier;

  private TimestampingSigner(
      BundleSigner signer, TimestampAuthority authority, @Nullable TimestampVerifier verifier) {
    this.signer = signer;
    this.authority = authority;
    this.verifier = verifier;
  }

  /** A signer that has its signatures stamped by an authority. */
  public static TimestampingSigner using(BundleSigner signer, TimestampAuthority authority) {
    return new TimestampingSigner(signer, authority, null);
  }

  /** The same signer, which fails if the time stamp is not one that this verifier trusts. */
  public TimestampingSigner verifyingBy(TimestampVerifier timestampVerifier) {
    return new TimestampingSigner(signer, authority, timestampVerifier);
  }

  @Override
  public void requireReady() throws IOException, SigningException {
    signer.requireReady();
  }

  @Override
  public Bundle sign(Statement statement) throws IOException, SigningException {
    Bundle bundle = signer.sign(statement);
    Bundle stamped = bundle.withTimestamp(authority.timestamp(bundle.envelope().signature()));
    if (verifier != null) {
      Optional<String> problem = verifier.verify(stamped).problems().stream().findFirst();
      if (problem.isPresent()) {
        throw new SigningException("nothing was signed: " + problem.get());
      }
    }
    return stamped;
  }
}
