package dev.modelsigning.timestamp;

import java.io.IOException;
import java.io.OutputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PSSParameterSpec;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * Verifies RSASSA-PSS with the JDK; Bouncy Castle would look up a name that only its own provider
 * supports.
 */
final class PssSignatures implements SignerVerifierProvider.Signatures {

  private static final String ALGORITHM = "RSASSA-PSS";

  private final PublicKey key;

  PssSignatures(PublicKey key) {
    this.key = key;
  }

  @Override
  public ContentVerifier verifier(AlgorithmIdentifier algorithm) throws OperatorCreationException {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance(ALGORITHM);
      parameters.init(algorithm.getParameters().toASN1Primitive().getEncoded());
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.setParameter(parameters.getParameterSpec(PSSParameterSpec.class));
      signature.initVerify(key);
      return new PssVerifier(algorithm, signature);
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new OperatorCreationException("the signature cannot be verified", e);
    }
  }

  private record PssVerifier(AlgorithmIdentifier algorithm, Signature signature)
      implements ContentVerifier {

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return algorithm;
    }

    @Override
    public OutputStream getOutputStream() {
      return new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
          write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
          try {
            signature.update(octets, offset, length);
          } catch (SignatureException e) {
            throw new IOException(e);
          }
        }
      };
    }

    @Override
    public boolean verify(byte[] expected) {
      try {
        return signature.verify(expected);
      } catch (SignatureException e) {
        // Its length is not that of a signature with this key.
        return false;
      }
    }
  }
}
