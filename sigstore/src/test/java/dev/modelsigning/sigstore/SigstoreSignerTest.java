package dev.modelsigning.sigstore;

import static dev.modelsigning.sigstore.TestServices.FULCIO;
import static dev.modelsigning.sigstore.TestServices.REKOR_V1;
import static dev.modelsigning.sigstore.TestServices.REKOR_V2;
import static dev.modelsigning.sigstore.TestServices.TSA;
import static dev.modelsigning.sigstore.TestServices.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigstoreSignerTest {

  /** Waits long enough for a machine that has other things to do. */
  private static final ServiceClient PATIENT =
      ServiceClient.with(Duration.ofSeconds(30), Duration.ofMillis(5));

  @TempDir Path directory;

  private TestServices services;
  private Path model;
  private final String token = TestServices.token();

  @BeforeEach
  void start() throws Exception {
    services = new TestServices();
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "gamma");
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private SigstoreSigner signer() throws Exception {
    return signer(() -> IdentityToken.parse(token));
  }

  private SigstoreSigner signer(IdentityTokenSource tokens) throws Exception {
    return SigstoreSigner.using(services.config(), tokens).withClient(PATIENT);
  }

  private VerifiedModel verify(Path signature) throws Exception {
    return ModelVerifier.using(
            SigstoreVerifier.using(
                services.sigstore.trustedRoot(),
                IdentityPolicy.exactly(TestSigstore.IDENTITY, TestSigstore.ISSUER)))
        .verify(model, signature);
  }

  /** Signing fails, nothing is written, and nothing that is said has the token in it. */
  private AbstractThrowableAssert<?, ?> fails(SigstoreSigner signer) {
    Path signature = directory.resolve("model.sig");
    Throwable failure = catchThrowable(() -> ModelSigner.using(signer).sign(model, signature));
    assertThat(failure).isInstanceOfAny(IOException.class, SigningException.class);
    assertThat(signature).doesNotExist();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain(token);
    }
    return assertThatThrownBy(() -> {
      throw failure;
    });
  }

  // --- what works

  @Test
  void signsWithVersion1OfTheLogWhereItIsOffered() throws Exception {
    Path signature = directory.resolve("model.sig");
    ModelSigner.using(signer()).sign(model, signature);
    VerifiedModel verified = verify(signature);
    assertThat(verified.files()).isEqualTo(2);
    assertThat(verified.signer().name()).isEqualTo(TestSigstore.IDENTITY);
    assertThat(verified.times())
        .singleElement()
        .satisfies(time -> assertThat(time.source()).isEqualTo(Source.TRANSPARENCY_LOG));
    assertThat(services.requests).containsExactly(FULCIO, REKOR_V1);
  }

  private static Payload payload(String text) {
    return Payload.inToto(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void signsAListWithOneSignInAndOneCertificate() throws Exception {
    AtomicInteger signIns = new AtomicInteger();
    SigstoreSigner signer =
        signer(() -> {
          signIns.incrementAndGet();
          return IdentityToken.parse(token);
        });
    List<Payload> payloads = List.of(payload("{\"a\":1}"), payload("{\"b\":2}"));
    List<SignedPayload> signed = signer.sign(payloads);

    assertThat(signIns).hasValue(1);
    assertThat(services.requests).containsExactly(FULCIO, REKOR_V1, REKOR_V1);
    assertThat(signed).hasSize(2);
    SigstoreVerifier verifier =
        SigstoreVerifier.using(
            services.sigstore.trustedRoot(),
            IdentityPolicy.exactly(TestSigstore.IDENTITY, TestSigstore.ISSUER));
    for (int i = 0; i < 2; i++) {
      VerifiedPayload verified = verifier.verify(signed.get(i).bundle());
      assertThat(verified.payload()).isEqualTo(payloads.get(i));
      assertThat(verified.signer()).isEqualTo(signed.get(i).signer());
      assertThat(verified.times()).isEqualTo(signed.get(i).times());
    }
    assertThat(signed.get(0).bundle().verificationMaterial())
        .isEqualTo(signed.get(1).bundle().verificationMaterial());
  }

  @Test
  void publishesNothingOfAListIfOneOfItCannotBe() throws Exception {
    byte[] block = new byte[1024 * 1024];
    Payload tooLarge =
        Payload.inToto(
            Bytes.produced(out -> {
              for (int i = 0; i < Bundle.MAX_SIZE / block.length; i++) {
                out.write(block);
              }
            }));
    assertThatThrownBy(() -> signer().sign(List.of(payload("{}"), tooLarge)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("nothing was published");
    assertThat(services.requests).containsExactly(FULCIO);
  }

  @Test
  void signsNobodyInForNothing() throws Exception {
    assertThat(
            signer(
                    () -> {
                      throw new AssertionError("asked for a token");
                    })
                .sign(List.of()))
        .isEmpty();
  }

  @Test
  void signsWithVersion2OfTheLogAndATimeStampIfAskedTo() throws Exception {
    Path signature = directory.resolve("model.sig");
    ModelSigner.using(signer().withRekorVersion(2)).sign(model, signature);
    assertThat(verify(signature).times())
        .singleElement()
        .satisfies(time -> assertThat(time.source()).isEqualTo(Source.TIMESTAMP));
    assertThat(services.requests).containsExactly(FULCIO, TSA, REKOR_V2);
  }

  @Test
  void signsNamesOutsideAsciiWithBothVersions() throws Exception {
    model = Models.write(directory.resolve("mod\u00e8le-\u6a21\u578b"), "\u6a21", "x");
    for (int version = 1; version <= 2; version++) {
      Path signature = directory.resolve("signature-" + version);
      ModelSigner.using(signer().withRekorVersion(version)).sign(model, signature);
      assertThat(verify(signature).files()).isEqualTo(1);
    }
  }

  @Test
  void asksForAnIdentityOnlyOnceTheModelIsHashed() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    SigstoreSigner signer =
        signer(() -> {
          asked.incrementAndGet();
          return IdentityToken.parse(token);
        });
    assertThatThrownBy(() -> ModelSigner.using(signer).sign(directory.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(directory.resolve("absent").toString());
    assertThat(asked).hasValue(0);
    ModelSigner.using(signer).sign(model);
    ModelSigner.using(signer).sign(model);
    assertThat(asked).hasValue(2);
  }

  @Test
  void triesAgainWhereAServiceIsBusy() throws Exception {
    AtomicInteger left = new AtomicInteger(2);
    services.replace(
        REKOR_V2,
        exchange -> {
          if (left.getAndDecrement() > 0) {
            answering(503, "busy").handle(exchange);
          } else {
            services.record2(exchange);
          }
        });
    Bundle bundle = ModelSigner.using(signer().withRekorVersion(2)).sign(model);
    assertThat(bundle.tlogEntries()).hasSize(1);
  }

  @Test
  void findsAnEntryAgainWhoseAnswerGotLost() throws Exception {
    String id = "b".repeat(80);
    services.replace(
        REKOR_V1,
        exchange -> {
          String request =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String entry = services.entry1(services.body1(JsonParser.parseString(request)));
          services.replace(REKOR_V1 + "/" + id, answering(200, entry));
          exchange.getResponseHeaders().set("Location", "/api/v1/log/entries/" + id);
          answering(409, "exists").handle(exchange);
        });
    assertThat(ModelSigner.using(signer()).sign(model).tlogEntries()).hasSize(1);
    assertThat(services.requests).endsWith(REKOR_V1 + "/" + id);
  }

  // --- tokens

  @Test
  void refusesAnExpiredTokenBeforeItAsksAnybody() throws Exception {
    String old = TestServices.token(Instant.now().minusSeconds(60), "");
    fails(signer(() -> IdentityToken.parse(old)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expired at")
        .message()
        .doesNotContain(old);
    assertThat(services.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "secret.secret",
        "secret.secret.secret",
        "secret.e30.secret",
        "secret.bnVsbA.secret",
        "a\nb.secret.c",
        "secret.eyJleHAiOiJ4In0.secret",
        "secret.eyJleHAiOi0xfQ.secret",
        "secret.eyJleHAiOjFlOTl9.secret"
      })
  void refusesWhatIsNoTokenWithoutShowingIt(String text) {
    assertThatThrownBy(() -> IdentityToken.parse(text))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("identity token")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void refusesTheAnswerOfAServiceThatSendsTheTokenBack() throws Exception {
    services.replace(FULCIO, answering(401, "bad token: " + token));
    fails(signer()).isInstanceOf(SigningException.class).hasMessageContaining("answered 401");
  }

  // --- the certificate authority

  @Test
  void refusesACertificateForAnotherKey() throws Exception {
    services.replace(
        FULCIO, exchange -> certify(exchange, services.sigstore, TestSigstore.IDENTITY, false));
    fails(signer()).hasMessageContaining("certified another key");
  }

  @Test
  void refusesACertificateForSomebodyElse() throws Exception {
    services.replace(
        FULCIO, exchange -> certify(exchange, services.sigstore, "mallory@example.com", true));
    fails(signer())
        .hasMessageContaining("expected 'alice@example.com', found 'mallory@example.com'");
  }

  @Test
  void refusesACertificateOfAStranger() throws Exception {
    TestSigstore stranger = new TestSigstore();
    services.replace(FULCIO, exchange -> certify(exchange, stranger, TestSigstore.IDENTITY, true));
    fails(signer()).hasMessageContaining("an untrusted certificate");
    assertThat(services.requests).containsExactly(FULCIO);
  }

  private void certify(
      HttpExchange exchange, TestSigstore authority, String identity, boolean requested)
      throws IOException {
    try {
      String json = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String request =
          JsonParser.parseString(json)
              .getAsJsonObject()
              .get("certificateSigningRequest")
              .getAsString();
      services.certificate(
          exchange,
          authority.certify(
              requested ? TestServices.requestedKey(request) : TestSigstore.ecKeys().getPublic(),
              new GeneralName(GeneralName.rfc822Name, identity),
              Instant.now()));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void refusesACertificateThatNoTrustedLogHasSeen() throws Exception {
    services.replace(
        FULCIO,
        exchange -> {
          try {
            String json =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            services.certificate(
                exchange,
                services.sigstore.certify(
                    TestServices.requestedKey(
                        JsonParser.parseString(json)
                            .getAsJsonObject()
                            .get("certificateSigningRequest")
                            .getAsString()),
                    new GeneralName(GeneralName.rfc822Name, TestSigstore.IDENTITY),
                    Instant.now(),
                    TestSigstore.ecKeys(),
                    KeyPurposeId.id_kp_codeSigning));
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
    fails(signer()).hasMessageContaining("was not published");
  }

  // --- logs and time stamping authorities

  @Test
  void refusesAnEntryAboutSomethingElse() throws Exception {
    String other = services.entry1(TestSigning.of(services.sigstore, "{\"other\":1}").dsse1Body());
    services.replace(REKOR_V1, answering(201, other));
    fails(signer()).hasMessageContaining("does not stand up to verification");
  }

  @Test
  void refusesATimeStampOverSomethingElse() throws Exception {
    byte[] other = services.sigstore.timestamp(new byte[] {1, 2, 3}, Instant.now());
    services.replace(TSA, exchange -> TestServices.answer(exchange, 200, other));
    fails(signer().withRekorVersion(2)).hasMessageContaining("not the time stamp");
  }

  @ParameterizedTest
  @CsvSource({"1, -86400", "1, 86400", "2, -86400", "2, 86400"})
  void refusesTimesOfServicesWhoseClocksAreWrong(int version, long seconds) throws Exception {
    services.skew = Duration.ofSeconds(seconds);
    fails(signer().withRekorVersion(version))
        .hasMessageContaining("does not stand up to verification");
  }

  // --- services that do not work

  @ParameterizedTest
  @CsvSource({
    FULCIO + ", 1, certificate authority (Fulcio)",
    REKOR_V1 + ", 1, transparency log (Rekor)",
    REKOR_V2 + ", 2, transparency log (Rekor)",
    TSA + ", 2, time stamping authority"
  })
  void saysWhichServiceFailedAndHow(String path, int version, String name) throws Exception {
    SigstoreSigner signer = signer().withRekorVersion(version);
    String address = services.address(path);
    services.replace(path, answering(500, "out of \u001b[31morder"));
    fails(signer)
        .hasMessageContaining("the " + name + " at " + address + " answered 500")
        .hasMessageContaining("out of \\u001b[31morder")
        .hasMessageContaining("try again");
    services.replace(path, answering(400, "no"));
    fails(signer).hasMessageContaining(address + " answered 400: 'no'");
    services.replace(path, answering(302, ""));
    fails(signer).hasMessageContaining(address + " answered 302");
    services.replace(path, answering(200, "{\"rubbish\":[}"));
    fails(signer).hasMessageContaining(address + " sent something that is not");
    services.replace(path, answering(200, ""));
    fails(signer).hasMessageContaining(address + " sent something that is not");
    services.replace(path, answering(200, "x".repeat(ServiceClient.MAX_ANSWER + 1)));
    fails(signer).hasMessageContaining(address).hasMessageContaining("longer than");
    SigstoreSigner impatient =
        signer.withClient(ServiceClient.with(Duration.ofSeconds(2), Duration.ofMillis(5)));
    services.replace(path, exchange -> TestServices.hang());
    fails(impatient).hasMessageContaining(address + " did not answer within 2 s");
    services.replace(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          TestServices.hang();
        });
    fails(impatient).hasMessageContaining(address + " did not answer within 2 s");
  }

  @Test
  void saysWhichServiceCannotBeReached() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String json =
        services
            .configJson()
            .replace(services.address("/fulcio"), "http://user:pw@127.0.0.1:" + port);
    ClientTrustConfig config =
        ClientTrustConfig.of(
            TrustConfigDocument.parse("test", json.getBytes(StandardCharsets.UTF_8)));
    fails(SigstoreSigner.using(config, () -> IdentityToken.parse(token)).withClient(PATIENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("http://127.0.0.1:" + port)
        .hasMessageContaining("cannot be reached")
        .message()
        .doesNotContain("pw@");
  }

  // --- configurations

  @Test
  void loadsAConfigurationAndItsTrustedRootAlone() throws Exception {
    Path file = directory.resolve("trust_config.json");
    Files.writeString(file, services.configJson());
    assertThat(ClientTrustConfig.load(file).signingConfig().identityProvider())
        .hasValueSatisfying(uri -> assertThat(uri.toString()).isEqualTo(services.address("/oidc")));
    assertThat(TrustedRoot.load(file).transparencyLogs()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"trustedRoot\":{}}",
        "{\"trustedRoot\":{},\"trustedRoot\":{}}",
        "{\"trustedRoot\":{},\"signingConfig\":{}}",
        "{\"trustedRoot\":[],\"signingConfig\":{}}",
        "{\"mediaType\":\"x\",\"trustedRoot\":{},\"signingConfig\":{}}",
        "{\"certificateAuthorities\":[{\"certChain\":{\"certificates\":[{\"rawBytes\":\"AAAA\"}]}}]"
            + ",\"tlogs\":[]}",
        "{\"certificateAuthorities\":[{}],\"tlogs\":[]}",
        "{\"certificateAuthorities\":[],\"tlogs\":[{\"publicKey\":{\"rawBytes\":\"AAAA\","
            + "\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\"}}]}"
      })
  void refusesWhatIsNoConfiguration(String json) throws Exception {
    Path file = directory.resolve("trust_config.json");
    Files.writeString(file, json);
    assertThatThrownBy(() -> ClientTrustConfig.load(file))
        .isInstanceOf(TrustConfigException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void refusesAConfigurationWithoutTheVersionAskedFor() throws Exception {
    String json = services.configJson().replace("\"majorApiVersion\":2", "\"majorApiVersion\":3");
    ClientTrustConfig config =
        ClientTrustConfig.of(
            TrustConfigDocument.parse("test", json.getBytes(StandardCharsets.UTF_8)));
    fails(SigstoreSigner.using(config, () -> IdentityToken.parse(token)).withRekorVersion(2))
        .hasMessageContaining("rekorTlogUrls: expected 1 of version 2");
  }
}
