package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.KeyPurpose;
import dev.modelsigning.internal.pkix.PathBuilder;
import dev.modelsigning.internal.pkix.TrustedCertificates;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TrustedTimestampAuthority;
import dev.sigstore.proto.trustroot.v1.CertificateAuthority;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An authority of a trusted root: one that certifies signers, or one that states times. It says
 * whom to trust and when; the paths and time stamps themselves are verified as those of the other
 * methods are.
 *
 * @param uri its address
 * @param chain its certificates, of which the last is trusted; that of a time stamping authority
 *     may begin with the one that it signs with
 * @param validity when it may be used
 */
public record TrustedAuthority(String uri, List<X509Certificate> chain, Validity validity) {

  /** Copies the certificates. */
  public TrustedAuthority {
    chain = List.copyOf(chain);
  }

  /**
   * The authority that a trusted root describes.
   *
   * @throws CertificateException if it has no certificates, or they are damaged
   */
  public static TrustedAuthority of(CertificateAuthority authority) throws CertificateException {
    List<X509Certificate> chain = new ArrayList<>();
    for (dev.sigstore.proto.common.v1.X509Certificate certificate :
        authority.getCertChain().getCertificatesList()) {
      chain.add(CertificateFile.parse(Bytes.of(certificate.getRawBytes().toByteArray())));
    }
    if (chain.isEmpty()) {
      throw new CertificateException("it has no certificate in certChain.certificates");
    }
    return new TrustedAuthority(
        authority.getUri(), chain, Validity.required("validFor", authority.getValidFor()));
  }

  private X509Certificate anchor() {
    return chain.get(chain.size() - 1);
  }

  /**
   * The path from a signer's certificate to this authority's trusted one, all of them valid at a
   * time.
   *
   * @param leaf the certificate
   * @param untrusted certificates that may lie between them
   * @param time the time
   * @return the path, the leaf first and the trusted certificate last
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

  /** Verifies the time stamps of this authority. */
  TimestampVerifier timestampVerifier() {
    return TimestampVerifier.trusting(
        new TrustedTimestampAuthority(chain, validity.start(), validity.end()));
  }
}
