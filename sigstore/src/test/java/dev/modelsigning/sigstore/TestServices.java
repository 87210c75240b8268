package dev.modelsigning.sigstore;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.internal.keyfile.CertificateFile;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.tsp.TimeStampRequest;

/** A {@link TestSigstore} on the loopback interface, whose services a test can replace. */
public final class TestServices implements AutoCloseable {

  static final String FULCIO = "/fulcio/api/v2/signingCert";
  static final String REKOR_V1 = "/rekor1/api/v1/log/entries";
  static final String REKOR_V2 = "/rekor2/api/v2/log/entries";
  static final String TSA = "/tsa/api/v1/timestamp";

  final TestSigstore sigstore = new TestSigstore();

  /** What the services are asked, by path. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** How far the clock of the logs and the time stamping authority is ahead. */
  volatile Duration skew = Duration.ZERO;

  private final Map<String, HttpHandler> replaced = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  public TestServices() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  public void replace(String path, HttpHandler handler) {
    replaced.put(path, handler);
  }

  /** An answer with a status and a text. */
  public static HttpHandler answering(int status, String text) {
    return exchange -> answer(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Does not respond until the services are closed. */
  static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** The configuration of a client that may use these services. */
  ClientTrustConfig config() throws IOException {
    return ClientTrustConfig.of(
        TrustConfigDocument.parse("test", configJson().getBytes(StandardCharsets.UTF_8)));
  }

  String configJson() {
    return "{\"mediaType\":\"application/vnd.dev.sigstore.clienttrustconfig.v0.1+json\","
        + "\"trustedRoot\":"
        + sigstore.trustedRootJson()
        + ",\"signingConfig\":{\"mediaType\":"
        + "\"application/vnd.dev.sigstore.signingconfig.v0.2+json\",\"caUrls\":["
        + service("/fulcio", 1)
        + "],\"oidcUrls\":["
        + service("/oidc", 1)
        + "],\"rekorTlogUrls\":["
        + service("/rekor2", 2)
        + ","
        + service("/rekor1", 1)
        + "],\"tsaUrls\":["
        + service(TSA, 1)
        + "],\"rekorTlogConfig\":{\"selector\":\"ANY\"},\"tsaConfig\":{\"selector\":\"ANY\"}}}";
  }

  private String service(String path, int version) {
    return "{\"url\":\""
        + address(path)
        + "\",\"majorApiVersion\":"
        + version
        + ",\"validFor\":{\"start\":\"2020-01-01T00:00:00Z\"},\"operator\":\"test\"}";
  }

  /** A token for Alice, or another one with these claims. */
  public static String token(Instant expiry, String claims) {
    String payload =
        "{\"iss\":\""
            + TestSigstore.ISSUER
            + "\",\"aud\":\"sigstore\",\"sub\":\"4711\",\"exp\":"
            + expiry.getEpochSecond()
            + claims
            + "}";
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + encoder.encodeToString(payload.getBytes(StandardCharsets.UTF_8))
        + ".c2lnbmF0dXJl";
  }

  /** A token of this moment. */
  public static String token() {
    return token(
        Instant.now().plusSeconds(300),
        ",\"email\":\"" + TestSigstore.IDENTITY + "\",\"email_verified\":true");
  }

  /** The text of a token, which it reveals only to the signer. */
  public static String secret(IdentityToken token) {
    return token.content().secret();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    try {
      HttpHandler handler = replaced.get(path);
      if (handler != null) {
        handler.handle(exchange);
        return;
      }
      switch (path) {
        case FULCIO -> certify(exchange);
        case REKOR_V1 -> record1(exchange);
        case REKOR_V2 -> record2(exchange);
        case TSA -> timestamp(exchange);
        default -> answer(exchange, 404, new byte[0]);
      }
    } catch (GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException e) {
      answer(exchange, 400, e.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(skew);
  }

  private static JsonObject json(HttpExchange exchange) throws IOException {
    return JsonParser.parseString(
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  private void certify(HttpExchange exchange)
      throws IOException, GeneralSecurityException, OperatorCreationException, PKCSException {
    String token =
        exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
    JsonObject claims =
        JsonParser.parseString(
                new String(
                    Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]),
                    StandardCharsets.UTF_8))
            .getAsJsonObject();
    PublicKey key = requestedKey(json(exchange).get("certificateSigningRequest").getAsString());
    GeneralName name = new GeneralName(GeneralName.rfc822Name, claims.get("email").getAsString());
    certificate(
        exchange, sigstore.certify(key, name, Instant.now().truncatedTo(ChronoUnit.SECONDS)));
  }

  /** The key of a request for a certificate, whose proof of possession was verified. */
  static PublicKey requestedKey(String request)
      throws IOException, GeneralSecurityException, OperatorCreationException, PKCSException {
    String pem = new String(Base64.getDecoder().decode(request), StandardCharsets.UTF_8);
    JcaPKCS10CertificationRequest csr =
        new JcaPKCS10CertificationRequest(
            new PEMParser(new StringReader(pem)).readPemObject().getContent());
    PublicKey key = csr.getPublicKey();
    if (!csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
      throw new GeneralSecurityException("no proof of possession");
    }
    return key;
  }

  /** Answers as the certificate authority does. */
  void certificate(HttpExchange exchange, X509Certificate certificate)
      throws IOException, GeneralSecurityException {
    JsonArray chain = new JsonArray();
    chain.add(TestSigstore.pem(certificate.getEncoded()));
    sigstore.issuersPem().forEach(chain::add);
    JsonObject certificates = new JsonObject();
    certificates.add("certificates", chain);
    JsonObject embedded = new JsonObject();
    embedded.add("chain", certificates);
    JsonObject result = new JsonObject();
    result.add("signedCertificateEmbeddedSct", embedded);
    answer(exchange, 200, result.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void record1(HttpExchange exchange) throws IOException {
    answer(exchange, 201, entry1(body1(json(exchange))).getBytes(StandardCharsets.UTF_8));
  }

  /** What the log of version 1 records of a request. */
  String body1(JsonElement request) throws IOException {
    JsonObject content =
        request.getAsJsonObject().getAsJsonObject("spec").getAsJsonObject("proposedContent");
    JsonObject envelope =
        JsonParser.parseString(content.get("envelope").getAsString()).getAsJsonObject();
    String pem =
        new String(
            Base64.getDecoder().decode(content.getAsJsonArray("verifiers").get(0).getAsString()),
            StandardCharsets.US_ASCII);
    Envelope logged =
        new Envelope(
            Payload.inToto(bytes(envelope.get("payload").getAsString())),
            bytes(
                envelope
                    .getAsJsonArray("signatures")
                    .get(0)
                    .getAsJsonObject()
                    .get("sig")
                    .getAsString()));
    try {
      X509Certificate certificate =
          CertificateFile.parse(
              Bytes.of(new PEMParser(new StringReader(pem)).readPemObject().getContent()));
      return new TestSigning(sigstore, certificate, logged).dsse1Body();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Takes an entry into the log of version 1 and gives it in that version's own form. */
  String entry1(String body) {
    JsonObject entry =
        JsonParser.parseString(sigstore.log1.add("dsse", "0.0.1", body, now())).getAsJsonObject();
    JsonObject given = entry.getAsJsonObject("inclusionProof");
    JsonObject proof = new JsonObject();
    JsonArray hashes = new JsonArray();
    given.getAsJsonArray("hashes").forEach(hash -> hashes.add(hex(hash.getAsString())));
    proof.add("hashes", hashes);
    proof.addProperty("logIndex", given.get("logIndex").getAsLong());
    proof.addProperty("rootHash", hex(given.get("rootHash").getAsString()));
    proof.addProperty("treeSize", given.get("treeSize").getAsLong());
    proof.add("checkpoint", given.getAsJsonObject("checkpoint").get("envelope"));
    JsonObject verification = new JsonObject();
    verification.add("inclusionProof", proof);
    verification.add(
        "signedEntryTimestamp",
        entry.getAsJsonObject("inclusionPromise").get("signedEntryTimestamp"));
    JsonObject result = new JsonObject();
    result.add("body", entry.get("canonicalizedBody"));
    result.addProperty("integratedTime", entry.get("integratedTime").getAsLong());
    result.addProperty("logID", hex(entry.getAsJsonObject("logId").get("keyId").getAsString()));
    result.addProperty("logIndex", entry.get("logIndex").getAsLong());
    result.add("verification", verification);
    JsonObject named = new JsonObject();
    named.add("a".repeat(80), result);
    return named.toString();
  }

  void record2(HttpExchange exchange) throws IOException {
    JsonObject request = json(exchange).getAsJsonObject("hashedRekordRequestV002");
    JsonObject signature = request.getAsJsonObject("signature");
    String body =
        "{\"apiVersion\":\"0.0.2\",\"kind\":\"hashedrekord\",\"spec\":{\"hashedRekordV002\":{"
            + "\"data\":{\"algorithm\":\"SHA2_256\",\"digest\":"
            + request.get("digest")
            + "},\"signature\":"
            + signature
            + "}}}";
    String entry = sigstore.log2.add("hashedrekord", "0.0.2", body, now());
    answer(exchange, 201, entry.getBytes(StandardCharsets.UTF_8));
  }

  private void timestamp(HttpExchange exchange) throws IOException {
    TimeStampRequest request = new TimeStampRequest(exchange.getRequestBody().readAllBytes());
    answer(exchange, 201, sigstore.timestamp(request, now()));
  }

  public static void answer(HttpExchange exchange, int status, byte[] content) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  private static Bytes bytes(String base64) {
    return Bytes.of(Base64.getDecoder().decode(base64));
  }

  private static String hex(String base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
  }
}
