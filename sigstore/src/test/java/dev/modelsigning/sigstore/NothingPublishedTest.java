package dev.modelsigning.sigstore;

import static dev.modelsigning.sigstore.TestServices.FULCIO;
import static dev.modelsigning.sigstore.TestServices.REKOR_V1;
import static dev.modelsigning.sigstore.TestServices.REKOR_V2;
import static dev.modelsigning.sigstore.TestServices.TSA;
import static dev.modelsigning.sigstore.TestServices.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonParser;
import dev.modelsigning.ModelSigner;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.TestSigstore.Certified;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.tsp.TimeStampRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is detected before a transparency log is called, whose entries are permanently public. */
class NothingPublishedTest {

  @TempDir Path directory;

  private TestServices services;
  private Path model;
  private final String token = TestServices.token();

  @BeforeEach
  void start() throws Exception {
    services = new TestServices();
    model = Models.write(directory.resolve("model"), "a", "alpha");
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private SigstoreSigner signer(int version) throws Exception {
    return signer(services.config(), version);
  }

  private SigstoreSigner signer(ClientTrustConfig config, int version) {
    return SigstoreSigner.using(config, () -> IdentityToken.parse(token))
        .withRekorVersion(version)
        .withClient(ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(5)));
  }

  /** Signing fails, and no log has heard of it. */
  private AbstractThrowableAssert<?, ?> refuses(SigstoreSigner signer) {
    Path signature = directory.resolve("model.sig");
    Throwable failure = catchThrowable(() -> ModelSigner.using(signer).sign(model, signature));
    assertThat(services.requests).doesNotContain(REKOR_V1, REKOR_V2);
    assertThat(signature).doesNotExist();
    return assertThat(failure).isInstanceOfAny(SigningException.class, IOException.class);
  }

  /** Has the certificate authority hand out another certificate for the key. */
  private void handOut(Function<PublicKey, X509Certificate> certificate) {
    services.replace(
        FULCIO,
        exchange -> {
          String json =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String request =
              JsonParser.parseString(json)
                  .getAsJsonObject()
                  .get("certificateSigningRequest")
                  .getAsString();
          try {
            services.certificate(exchange, certificate.apply(TestServices.requestedKey(request)));
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
  }

  private void certify(UnaryOperator<Certified> change) {
    Certified right =
        new Certified(
            new GeneralName(GeneralName.rfc822Name, TestSigstore.IDENTITY),
            Instant.now().truncatedTo(ChronoUnit.SECONDS));
    handOut(key -> services.sigstore.certify(key, change.apply(right)));
  }

  private void certifyFrom(Instant notBefore) {
    certify(right -> new Certified(right.identity(), notBefore));
  }

  // --- certificates

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesACertificateThatExpired(int version) throws Exception {
    certifyFrom(Instant.now().minus(TestSigstore.LIFETIME).minusSeconds(1));
    refuses(signer(version)).hasMessageContaining("expired at");
    assertThat(services.requests).containsExactly(FULCIO);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesACertificateOfTheFuture(int version) throws Exception {
    Instant begin = Instant.now().plusSeconds(120).truncatedTo(ChronoUnit.SECONDS);
    certify(right -> new Certified(right.identity(), begin).seen(Optional.of(Instant.now())));
    refuses(signer(version)).hasMessageContaining("is valid only from " + begin);
    assertThat(services.requests).containsExactly(FULCIO);
  }

  @Test
  void takesACertificateOfAnAuthorityWhoseClockIsALittleAhead() throws Exception {
    certifyFrom(Instant.now().plusSeconds(20));
    services.skew = Duration.ofSeconds(25);
    assertThat(ModelSigner.using(signer(1)).sign(model).tlogEntries()).hasSize(1);
  }

  @Test
  void refusesACertificateWithATimestampOfTheFuture() throws Exception {
    certify(right -> right.seen(Optional.of(Instant.now().plusSeconds(120))));
    refuses(signer(1))
        .hasMessageContaining("signed certificate timestamp")
        .hasMessageContaining("future");
  }

  @Test
  void refusesACertificateThatWasNotPublished() throws Exception {
    certify(right -> right.seen(Optional.empty()));
    refuses(signer(1)).hasMessageContaining("was not published");
    certify(right -> right.seenBy(TestSigstore.ecKeys()));
    refuses(signer(1)).hasMessageContaining("was not published");
  }

  @Test
  void refusesACertificateForAnotherPurpose() throws Exception {
    certify(right -> right.purpose(KeyPurposeId.id_kp_serverAuth));
    refuses(signer(1)).hasMessageContaining("codeSigning");
  }

  @Test
  void refusesACertificateOfAStranger() throws Exception {
    TestSigstore stranger = new TestSigstore();
    handOut(key -> stranger.certify(key, Instant.now()));
    refuses(signer(1)).hasMessageContaining("an untrusted certificate");
  }

  @Test
  void refusesACertificateForAnotherKey() throws Exception {
    handOut(key -> services.sigstore.certify(TestSigstore.ecKeys().getPublic(), Instant.now()));
    refuses(signer(1)).hasMessageContaining("another key");
  }

  @Test
  void refusesACertificateForSomebodyElse() throws Exception {
    certify(right ->
        new Certified(
            new GeneralName(GeneralName.rfc822Name, "mallory@example.com"), right.notBefore()));
    refuses(signer(1)).hasMessageContaining("certified somebody else");
    certify(right -> right.issuer("https://other.example"));
    refuses(signer(1)).hasMessageContaining("another identity provider");
  }

  @Test
  void takesNoCertificateButOneForTheIdentityThatTheUserNamed() throws Exception {
    refuses(signer(1).withCertificateIdentity("bob@example.com"))
        .hasMessageContaining("expected 'bob@example.com', found 'alice@example.com'");
    certify(right ->
        new Certified(
            new GeneralName(GeneralName.uniformResourceIdentifier, "https://names.example/7"),
            right.notBefore()));
    refuses(signer(1)).hasMessageContaining("identity of the certificate");
    Bundle bundle =
        ModelSigner.using(signer(1).withCertificateIdentity("https://names.example/7")).sign(model);
    assertThat(bundle.tlogEntries()).hasSize(1);
  }

  // --- time stamps

  @ParameterizedTest
  @ValueSource(longs = {-7200, 120, 7200})
  void refusesATimeStampOfAnotherTime(long seconds) throws Exception {
    services.skew = Duration.ofSeconds(seconds);
    refuses(signer(2)).hasMessageContaining("does not stand up to verification");
    assertThat(services.requests).containsExactly(FULCIO, TSA);
  }

  @Test
  void refusesATimeStampThatIsTooLateForTheCertificate() throws Exception {
    // It ends in 30 seconds, and the authority's clock is 50 ahead: within what clocks may differ.
    certifyFrom(Instant.now().minus(TestSigstore.LIFETIME).plusSeconds(30));
    services.skew = Duration.ofSeconds(50);
    refuses(signer(2)).hasMessageContaining("does not stand up to verification");
    assertThat(services.requests).containsExactly(FULCIO, TSA);
  }

  @Test
  void refusesATimeStampThatNobodyTrusts() throws Exception {
    TestSigstore stranger = new TestSigstore();
    services.replace(
        TSA,
        exchange -> {
          TimeStampRequest request = new TimeStampRequest(exchange.getRequestBody().readAllBytes());
          TestServices.answer(exchange, 200, stranger.timestamp(request, Instant.now()));
        });
    refuses(signer(2)).hasMessageContaining("no trusted time stamping authority");
    assertThat(services.requests).containsExactly(FULCIO, TSA);
  }

  @Test
  void endsWhereATimeStampIsRefused() throws Exception {
    services.replace(TSA, answering(403, "no"));
    refuses(signer(2)).hasMessageContaining("answered 403");
    assertThat(services.requests).containsExactly(FULCIO, TSA);
  }

  // --- logs

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesATrustedRootWithoutALogOfToday(int version) throws Exception {
    String ended = "{\"start\":\"2020-01-01T00:00:00Z\",\"end\":\"2021-01-01T00:00:00Z\"}";
    String json = services.configJson();
    String always = "{\"start\":\"2020-01-01T00:00:00Z\"}";
    int logs = json.indexOf("\"tlogs\":");
    int authorities = json.indexOf("\"certificateAuthorities\":");
    String other =
        json.substring(0, logs)
            + json.substring(logs, authorities).replace(always, ended)
            + json.substring(authorities);
    ClientTrustConfig config =
        ClientTrustConfig.of(
            TrustConfigDocument.parse("test", other.getBytes(StandardCharsets.UTF_8)));
    refuses(signer(config, version)).hasMessageContaining("no transparency log");
  }

  // --- configurations and outputs: not even the model is hashed, nor anybody asked to sign in

  private void refusesAtOnce(ClientTrustConfig config, Path signature, String problem)
      throws Exception {
    AtomicInteger asked = new AtomicInteger();
    SigstoreSigner signer =
        SigstoreSigner.using(
            config,
            () -> {
              asked.incrementAndGet();
              return IdentityToken.parse(token);
            });
    // It cannot be hashed, which would be said if it were tried.
    Path unhashable = Files.createDirectories(directory.resolve("empty"));
    Throwable failure = catchThrowable(() -> ModelSigner.using(signer).sign(unhashable, signature));
    assertThat(failure).isInstanceOf(IOException.class).hasMessageContaining(problem);
    assertThat(asked).hasValue(0);
    assertThat(services.requests).isEmpty();
  }

  @Test
  void refusesAConfigurationWithoutAServiceAtOnce() throws Exception {
    String json = services.configJson().replace("\"majorApiVersion\":1", "\"majorApiVersion\":7");
    ClientTrustConfig config =
        ClientTrustConfig.of(
            TrustConfigDocument.parse("test", json.getBytes(StandardCharsets.UTF_8)));
    refusesAtOnce(config, directory.resolve("model.sig"), "caUrls");
  }

  @Test
  void refusesAnOutputThatCannotBeMadeAtOnce() throws Exception {
    ClientTrustConfig config = services.config();
    refusesAtOnce(config, directory.resolve("absent/model.sig"), "cannot be written");
    refusesAtOnce(config, Files.createDirectory(directory.resolve("d")), "not a regular file");
    refusesAtOnce(config, directory.resolve("x".repeat(256)), "cannot be written");
    Path file = Files.writeString(directory.resolve("file"), "x");
    refusesAtOnce(config, file.resolve("model.sig"), "cannot be written");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    refusesAtOnce(config, link, "is a symbolic link");
  }
}
