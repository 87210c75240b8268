package dev.modelsigning.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * What authorities offer online about their certificates, on the loopback interface: OCSP at {@code
 * /ocsp} and a revocation list at {@code /crl}.
 */
public final class TestOcspResponder implements AutoCloseable {

  private final HttpServer server;
  private final Map<BigInteger, Instant> revoked = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile TestCertificate issuer;
  private volatile byte[] revocationList = new byte[0];
  private volatile TestCertificate signer;
  private boolean namesBySha256;
  private volatile String algorithm = "SHA256withECDSA";
  private volatile Duration age = Duration.ofSeconds(60);

  /** A responder that knows nothing yet. */
  public TestOcspResponder() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/ocsp", this::answerRequest);
    server.createContext(
        "/crl", exchange -> send(exchange, "application/pkix-crl", revocationList));
    server.start();
  }

  /** Answers for the certificates of this authority. */
  public TestOcspResponder answeringFor(TestCertificate authority) {
    this.issuer = authority;
    return this;
  }

  /** Signs by this certificate from now on, and sends it along. */
  public TestOcspResponder signingBy(TestCertificate delegate) {
    this.signer = delegate;
    return this;
  }

  /** Signs by this algorithm from now on. */
  public TestOcspResponder algorithm(String name) {
    this.algorithm = name;
    return this;
  }

  /** Calls certificates by SHA-256 from now on, whatever hash the request has. */
  public TestOcspResponder namingBySha256() {
    this.namesBySha256 = true;
    return this;
  }

  /** Gives answers of this age, which are good for eleven minutes. */
  public TestOcspResponder age(Duration time) {
    this.age = time;
    return this;
  }

  /** Says from now on that a certificate was revoked, because its key was compromised. */
  public void revoke(TestCertificate certificate) {
    revoked.put(certificate.certificate().getSerialNumber(), Instant.now().minusSeconds(30));
  }

  /** Offers a revocation list. */
  public void offer(X509CRL list) {
    try {
      revocationList = list.getEncoded();
    } catch (CRLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The address of the OCSP responder. */
  public String ocsp() {
    return address() + "/ocsp";
  }

  /** The address of the revocation list. */
  public String list() {
    return address() + "/crl";
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How often anything was asked. */
  public int requests() {
    return requests.get();
  }

  private void answerRequest(HttpExchange exchange) throws IOException {
    byte[] request =
        exchange.getRequestMethod().equals("GET")
            ? Base64.getDecoder()
                .decode(
                    exchange
                        .getRequestURI()
                        .getPath()
                        .substring("/ocsp/".length())
                        .getBytes(StandardCharsets.US_ASCII))
            : exchange.getRequestBody().readAllBytes();
    try {
      send(exchange, "application/ocsp-response", answer(new OCSPReq(request)));
    } catch (OCSPException | OperatorCreationException e) {
      throw new IOException(e);
    }
  }

  private CertificateID bySha256(CertificateID id, DigestCalculatorProvider digests)
      throws OCSPException, OperatorCreationException, IOException {
    return new CertificateID(
        digests.get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
        new X509CertificateHolder(issuer.der().toArray()),
        id.getSerialNumber());
  }

  private byte[] answer(OCSPReq request)
      throws OCSPException, OperatorCreationException, IOException {
    DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
    TestCertificate answering = signer == null ? issuer : signer;
    BasicOCSPRespBuilder builder =
        new BasicOCSPRespBuilder(
            SubjectPublicKeyInfo.getInstance(answering.keys().getPublic().getEncoded()),
            digests.get(org.bouncycastle.cert.ocsp.RespID.HASH_SHA1));
    Extension nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
    if (nonce != null) {
      builder.setResponseExtensions(new Extensions(nonce));
    }
    Instant now = Instant.now();
    for (Req each : request.getRequestList()) {
      Instant when = revoked.get(each.getCertID().getSerialNumber());
      CertificateStatus status =
          when == null
              ? CertificateStatus.GOOD
              : new RevokedStatus(Date.from(when), CRLReason.keyCompromise);
      builder.addResponse(
          namesBySha256 ? bySha256(each.getCertID(), digests) : each.getCertID(),
          status,
          Date.from(now.minus(age)),
          Date.from(now.minus(age).plusSeconds(660)),
          null);
    }
    return new OCSPRespBuilder()
        .build(
            OCSPRespBuilder.SUCCESSFUL,
            builder.build(
                new JcaContentSignerBuilder(algorithm)
                    .setProvider(new BouncyCastleProvider())
                    .build(answering.keys().getPrivate()),
                signer == null
                    ? new X509CertificateHolder[0]
                    : new X509CertificateHolder[] {
                      new X509CertificateHolder(signer.der().toArray())
                    },
                Date.from(now)))
        .getEncoded();
  }

  private void send(HttpExchange exchange, String type, byte[] body) throws IOException {
    requests.incrementAndGet();
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
