package dev.modelsigning.timestamp;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;

/** Verifies signatures of the signer of a token, whose certificate the library compares with it. */
final class SignerVerifierProvider implements ContentVerifierProvider {

  /** Signatures by one kind of algorithm, with the key of the signer. */
  interface Signatures {

    /**
     * Begins to verify a signature.
     *
     * @throws OperatorCreationException if the algorithm or the key is of another kind
     */
    ContentVerifier verifier(AlgorithmIdentifier algorithm) throws OperatorCreationException;
  }

  private final X509CertificateHolder holder;
  private final Signatures signatures;

  SignerVerifierProvider(X509Certificate signer, Signatures signatures)
      throws CertificateEncodingException {
    this.holder = new JcaX509CertificateHolder(signer);
    this.signatures = signatures;
  }

  @Override
  public boolean hasAssociatedCertificate() {
    return true;
  }

  @Override
  public X509CertificateHolder getAssociatedCertificate() {
    return holder;
  }

  @Override
  public ContentVerifier get(AlgorithmIdentifier algorithm) throws OperatorCreationException {
    return signatures.verifier(algorithm);
  }
}
