package dev.modelsigning.pkcs11;

import dev.modelsigning.bundle.Payload;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.pkcs11.internal.token.TokenAccess;
import dev.modelsigning.pkcs11.internal.token.TokenKey;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A signer and its key on a token, closed together. */
record TokenSigner(TokenKey key, PayloadSigner signer, SignerIdentity identity)
    implements PayloadSigner, AutoCloseable {

  private interface Method<S> {
    S with(TokenKey key) throws IOException, SigningException;
  }

  private static <S> S using(TokenKey key, Method<S> method) throws IOException, SigningException {
    try {
      return method.with(key);
    } catch (IOException | SigningException e) {
      key.close();
      throw e;
    }
  }

  static TokenSigner open(Pkcs11Uri uri, TokenAccess access) throws IOException, SigningException {
    TokenKey key = Pkcs11KeyProvider.open(uri, access);
    KeySigner signer = using(key, KeySigner::using);
    return new TokenSigner(key, signer, signer.identity());
  }

  static TokenSigner open(Pkcs11Uri uri, KeyContext context) throws IOException, SigningException {
    return open(uri, TokenAccess.of(context));
  }

  static TokenSigner openWithCertificate(
      Pkcs11Uri uri, TokenAccess access, Path certificate, List<Path> chain)
      throws IOException, SigningException {
    TokenKey key = Pkcs11KeyProvider.open(uri, access);
    CertificateSigner signer =
        using(key, opened -> CertificateSigner.load(opened, certificate, chain));
    return new TokenSigner(key, signer, signer.identity());
  }

  @Override
  public List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException {
    return signer.sign(payloads);
  }

  @Override
  public void close() {
    key.close();
  }
}
