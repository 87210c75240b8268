package dev.modelsigning.sigstore.internal.service;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import dev.modelsigning.sigstore.internal.data.Pem;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/**
 * The certificate authority of Sigstore: issues a certificate for a key and the identity of a
 * token.
 */
public final class Fulcio {

  private static final String SERVICE = "the certificate authority (Fulcio)";
  private static final long MAX_TOKENS = 1_000;

  private final ServiceClient client;
  private final URI base;

  /** Creates a client for the authority at an address. */
  public Fulcio(ServiceClient client, URI base) {
    this.client = client;
    this.base = base;
  }

  /**
   * Requests a certificate, which is not verified yet.
   *
   * @param token states the identity
   * @param keys the key to certify, and the private key for the proof of possession
   */
  public SigningCertificate certify(JsonWebToken token, KeyPair keys)
      throws IOException, SigningException {
    byte[] request =
        JsonWriter.document(json -> json.string("certificateSigningRequest", request(keys)));
    Answer answer =
        client.send(
            Request.post(SERVICE, ServiceClient.below(base, "/api/v2/signingCert"), request)
                .withHeader("Authorization", "Bearer " + token.secret())
                .withHeader("Content-Type", "application/json")
                .withHeader("Accept", "application/json"));
    if (!answer.isSuccess()) {
      String refusal = answer.refusal();
      throw new SigningException(
          answer.status() / 100 == 4
              ? refusal + "; is the identity token for this Sigstore instance, and fresh?"
              : refusal + "; try again later");
    }
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (String pem :
          JsonFields.read(SERVICE, answer.content(), MAX_TOKENS)
              .object("signedCertificateEmbeddedSct")
              .object("chain")
              .texts("certificates")) {
        chain.add(CertificateFile.parsePem(pem));
      }
      if (chain.isEmpty()) {
        throw new CertificateException("it sent no certificate");
      }
      if (!Bytes.of(chain.get(0).getPublicKey().getEncoded())
          .equals(Bytes.of(keys.getPublic().getEncoded()))) {
        throw new CertificateException("it certified another key");
      }
      return SigningCertificate.of(chain);
    } catch (MalformedJsonException | GeneralSecurityException e) {
      throw new SigningException(
          answer.describe("sent something that is not a certificate: " + e.getMessage()),
          answer.cause(e));
    }
  }

  /** A certificate signing request, whose signature is the proof of possession (RFC 2986). */
  private static String request(KeyPair keys) {
    try {
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      byte[] der =
          new PKCS10CertificationRequestBuilder(
                  new X500Name(""), SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()))
              .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
              .getEncoded();
      return Base64.getEncoder().encodeToString(Pem.block("CERTIFICATE REQUEST", der).toArray());
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("every Java platform signs with ECDSA", e);
    }
  }
}
