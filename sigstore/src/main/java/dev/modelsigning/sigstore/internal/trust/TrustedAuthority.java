package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.KeyPurpose;
import dev.modelsigning.internal.pkix.PathBuilder;
import dev.modelsigning.internal.pkix.TrustedCertificates;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.sigstore.internal.message.CertificateAuthority;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TrustedTimestampAuthority;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An authority of a trusted root: a certificate authority for signers, or a Time Stamping
 * Authority. It defines what to trust and when; certification paths and time stamps are verified by
 * the same code as those of the other methods.
 *
 * @param uri its address
 * @param chain its certificates, of which the last is the trust anchor; the chain of a Time
 *     Stamping Authority may start with its signing certificate
 * @param validity the period in which it is trusted
 */
public record TrustedAuthority(String uri, List<X509Certificate> chain, Validity validity) {

  /** Copies the certificates. */
  public TrustedAuthority {
    chain = List.copyOf(chain);
  }

  /**
   * Reads an authority from a trusted root.
   *
   * @throws CertificateException if it has no certificates, or they are malformed
   */
  public static TrustedAuthority of(CertificateAuthority authority) throws CertificateException {
    List<X509Certificate> chain = new ArrayList<>();
    for (Bytes der : authority.certificates()) {
      chain.add(CertificateFile.parse(der));
    }
    if (chain.isEmpty()) {
      throw new CertificateException("it has no certificate in certChain.certificates");
    }
    return new TrustedAuthority(
        authority.uri(), chain, Validity.required("validFor", authority.validFor()));
  }

  private X509Certificate anchor() {
    return chain.get(chain.size() - 1);
  }

  /**
   * Returns the certification path from a signer's certificate to the trust anchor of this
   * authority, valid at a time.
   *
   * @param leaf the certificate
   * @param untrusted possible intermediate certificates
   * @param time the time
   * @return the path, the leaf first and the trust anchor last
   * @throws UntrustedCertificateException if there is no such path
   */
  public List<X509Certificate> path(
      X509Certificate leaf, List<X509Certificate> untrusted, Instant time)
      throws UntrustedCertificateException {
    if (!validity.contains(time)) {
      throw new UntrustedCertificateException("it is trusted only " + validity);
    }
    Set<X509Certificate> between = new LinkedHashSet<>(untrusted);
    between.addAll(chain);
    between.remove(anchor());
    return new PathBuilder(TrustedCertificates.anchoredAt(anchor()), KeyPurpose.CODE_SIGNING)
        .build(leaf, between, time)
        .withAnchor();
  }

  /** Creates a verifier for the time stamps of this authority. */
  TimestampVerifier timestampVerifier() {
    return TimestampVerifier.trusting(
        new TrustedTimestampAuthority(chain, validity.start(), validity.end()));
  }
}
