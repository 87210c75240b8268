package dev.modelsigning.pkcs11;

import dev.modelsigning.bundle.Payload;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Signs with an elliptic-curve private key on P-256, P-384 or P-521 that is kept on a hardware
 * token (PKCS #11), by the method {@code key} or {@code certificate} (OMS 4.1). The token is opened
 * and the key found at once, so that a wrong PIN does not show only when a large model was hashed;
 * every signature is verified before it is used.
 *
 * <pre>{@code
 * Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=release;object=models?module-name=softhsm2");
 * TokenAccess access = TokenAccess.withDefaults().withPins(token -> pin);
 * try (Pkcs11Signer signer = Pkcs11Signer.open(uri, access)) {
 *   ModelSigner.using(signer).sign(Path.of("my-model"), Path.of("model.sig"));
 * }
 * }</pre>
 *
 * <p>Signers may be used by several threads, which wait for each other. The token stays logged in
 * until the last signer of this process is closed. All calls of a module are made by one daemon
 * thread: an interrupt ends the waiting for it with an {@link java.io.InterruptedIOException}, also
 * if the module hangs.
 */
public final class Pkcs11Signer implements PayloadSigner, AutoCloseable {

  private final TokenSession session;
  private final PayloadSigner signer;
  private final SignerIdentity identity;

  private Pkcs11Signer(TokenSession session, PayloadSigner signer, SignerIdentity identity) {
    this.session = session;
    this.signer = signer;
    this.identity = identity;
  }

  /**
   * Opens a key for the method {@code key}.
   *
   * @param uri names exactly one key on exactly one token
   * @param access how to get at the token, where the URI does not say
   * @throws IOException if the module or the PIN cannot be read
   * @throws SigningException if not exactly one token and key match, the PIN is missing, wrong or
   *     locked, the key cannot sign models, or its public key is not on the token
   */
  public static Pkcs11Signer open(Pkcs11Uri uri, TokenAccess access)
      throws IOException, SigningException {
    return open(
        uri,
        access,
        key -> {
          KeySigner signer = KeySigner.using(key);
          return new Ready(signer, signer.identity());
        });
  }

  /**
   * Opens a key for the method {@code certificate}. If the token does not have the public key, the
   * key has to sign something on trial.
   *
   * @param uri names exactly one key on exactly one token
   * @param access how to get at the token, where the URI does not say
   * @param certificate a file with the certificate of the key, in PEM or DER; certificates that
   *     follow it in the file belong to the chain
   * @param chain files with certificates of authorities, those nearest to the signer first
   * @throws IOException if the module, the PIN or a file cannot be read
   * @throws SigningException if not exactly one token and key match, the PIN is missing, wrong or
   *     locked, the key cannot sign models, or the certificate is not the key's or may not sign now
   */
  public static Pkcs11Signer openWithCertificate(
      Pkcs11Uri uri, TokenAccess access, Path certificate, List<Path> chain)
      throws IOException, SigningException {
    return open(
        uri,
        access,
        key -> {
          CertificateSigner signer = CertificateSigner.load(key, certificate, chain);
          return new Ready(signer, signer.identity());
        });
  }

  /** A signer and what it will be called. */
  private record Ready(PayloadSigner signer, SignerIdentity identity) {}

  private interface Method {
    Ready with(TokenKey key) throws IOException, SigningException;
  }

  private static Pkcs11Signer open(Pkcs11Uri uri, TokenAccess access, Method method)
      throws IOException, SigningException {
    TokenSession session = TokenSession.open(uri, access);
    try {
      session.logIn(uri, access);
      Ready ready = method.with(session.key(uri, access));
      return new Pkcs11Signer(session, ready.signer, ready.identity);
    } catch (IOException | SigningException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Who signs: what a verifier will say about the signer. */
  public SignerIdentity identity() {
    return identity;
  }

  @Override
  public List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException {
    return signer.sign(payloads);
  }

  /**
   * Ends the session with the token and forgets the PIN. If the token does not end it, that is a
   * warning (see {@link TokenAccess#withWarnings}), as what was signed stays signed.
   */
  @Override
  public void close() {
    session.close();
  }
}
