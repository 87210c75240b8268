package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.keyfile.CertificateFile;
import dev.sigstore.proto.common.v1.X509Certificate;
import dev.sigstore.proto.trustroot.v1.CertificateAuthority;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * An authority of a trusted root: one that certifies signers, or one that states times.
 *
 * @param uri its address
 * @param chain its certificates, of which the last is trusted; that of a time stamping authority
 *     begins with the one that it signs with
 * @param validity when it may be used
 */
record TrustedAuthority(
    String uri, List<java.security.cert.X509Certificate> chain, Validity validity) {

  /** Real paths have three certificates. */
  private static final int MAX_PATH_LENGTH = 8;

  TrustedAuthority {
    chain = List.copyOf(chain);
  }

  static TrustedAuthority of(CertificateAuthority authority) throws CertificateException {
    List<java.security.cert.X509Certificate> chain = new ArrayList<>();
    for (X509Certificate certificate : authority.getCertChain().getCertificatesList()) {
      chain.add(CertificateFile.parse(Bytes.of(certificate.getRawBytes().toByteArray())));
    }
    if (chain.isEmpty()) {
      throw new CertificateException(
          "the authority " + authority.getUri() + " has no certificate in certChain.certificates");
    }
    return new TrustedAuthority(authority.getUri(), chain, Validity.of(authority.getValidFor()));
  }

  private java.security.cert.X509Certificate anchor() {
    return chain.get(chain.size() - 1);
  }

  /**
   * The path from a certificate to this authority's trusted one, all of them valid at a time.
   *
   * @param leaf the certificate
   * @param untrusted certificates that may lie between them
   * @param time the time
   * @return the path, the leaf first and the trusted certificate last
   * @throws GeneralSecurityException if there is no such path
   */
  @SuppressWarnings("JavaUtilDate") // as the API of certificates demands
  List<java.security.cert.X509Certificate> path(
      java.security.cert.X509Certificate leaf,
      List<java.security.cert.X509Certificate> untrusted,
      Instant time)
      throws GeneralSecurityException {
    if (!validity.contains(time)) {
      throw new CertificateException("it is trusted only " + validity);
    }
    Date date = Date.from(time);
    leaf.checkValidity(date);
    // The JDK does not look at the dates of an anchor.
    anchor().checkValidity(date);
    List<Certificate> known = new ArrayList<>(untrusted);
    known.addAll(chain);
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(leaf);
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(Set.of(new TrustAnchor(anchor(), null)), target);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
    parameters.setRevocationEnabled(false);
    parameters.setMaxPathLength(MAX_PATH_LENGTH);
    parameters.setDate(date);
    PKIXCertPathBuilderResult result =
        (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    List<java.security.cert.X509Certificate> path = new ArrayList<>();
    for (Certificate certificate : result.getCertPath().getCertificates()) {
      path.add((java.security.cert.X509Certificate) certificate);
    }
    path.add(anchor());
    return path;
  }
}
