package dev.modelsigning.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.testing.TestTimestampAuthority.Reply;
import dev.modelsigning.testing.TestTimestampAuthority.Server;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The request to a Time Stamping Authority, and the responses that are refused. */
@Timeout(60)
class TimestampAuthorityTest {

  private static final Bytes SIGNATURE = bytes("a signature");
  private static final Bytes NOTHING = bytes("");

  @TempDir Path directory;

  private final TestCertificate root = TestCertificate.root("CN=TSA Root");
  private final TestTimestampAuthority authority = TestTimestampAuthority.below(root);

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static TimestampAuthority at(Server server) {
    return TimestampAuthority.at(server.uri()).withTimeout(Duration.ofSeconds(5));
  }

  private void refuses(TestTimestampAuthority.Answers answers, String words) throws IOException {
    try (Server server = new Server(answers)) {
      TimestampAuthority client = at(server);
      assertThatThrownBy(() -> client.timestamp(SIGNATURE))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining(server.uri().toString())
          .hasMessageContaining(words)
          .hasMessageContaining("nothing was signed");
      assertThat(server.requests()).isEqualTo(1);
    }
  }

  @Test
  void getsATimestampOverTheSignature() throws Exception {
    try (Server server = authority.serve()) {
      Bytes response = at(server).timestamp(SIGNATURE);
      TimestampToken.parse(response).requireOver(SIGNATURE);
    }
  }

  @Test
  void asksWithAFreshNonceAndForTheCertificate() throws Exception {
    try (Server server =
        new Server((request, number) -> {
          TimeStampRequest parsed = new TimeStampRequest(request);
          assertThat(parsed.getNonce()).isPositive();
          assertThat(parsed.getCertReq()).isTrue();
          return new Reply(200, authority.answer(parsed, Instant.now()));
        })) {
      assertThat(at(server).timestamp(SIGNATURE)).isNotEqualTo(at(server).timestamp(SIGNATURE));
    }
  }

  @Test
  void triesAgainIfTheAuthorityIsBusyForAWhile() throws Exception {
    try (Server server =
        new Server((request, number) ->
            number < 3
                ? new Reply(503, NOTHING)
                : new Reply(200, authority.answer(new TimeStampRequest(request), Instant.now())))) {
      at(server).timestamp(SIGNATURE);
      assertThat(server.requests()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429})
  void givesUpOnAnAuthorityThatStaysBusy(int status) throws Exception {
    try (Server server = new Server((request, number) -> new Reply(status, NOTHING))) {
      TimestampAuthority client = at(server);
      assertThatThrownBy(() -> client.timestamp(SIGNATURE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(server.uri().toString())
          .hasMessageContaining("answered " + status);
      assertThat(server.requests()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 405})
  void doesNotRepeatWhatCannotSucceed(int status) throws Exception {
    try (Server server = new Server((request, number) -> new Reply(status, NOTHING))) {
      TimestampAuthority client = at(server);
      assertThatThrownBy(() -> client.timestamp(SIGNATURE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("answered " + status);
      assertThat(server.requests()).isEqualTo(1);
    }
  }

  @Test
  void saysThatNobodyIsThere() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    TimestampAuthority client = TimestampAuthority.at(URI.create("http://127.0.0.1:" + port));
    assertThatThrownBy(() -> client.timestamp(SIGNATURE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "cannot be reached: the host takes no connection there", "; nothing was signed");
  }

  @Test
  void givesUpOnAnAuthorityThatNeverEndsItsAnswer() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      // Accepts connections, since the system does, and never says anything.
      TimestampAuthority client =
          TimestampAuthority.at(URI.create("http://127.0.0.1:" + socket.getLocalPort()))
              .withTimeout(Duration.ofSeconds(1));
      assertThatThrownBy(() -> client.timestamp(SIGNATURE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer within 1 s");
    }
  }

  @Test
  void refusesRubbish() throws Exception {
    refuses((request, number) -> new Reply(200, bytes("rubbish")), "not an RFC 3161 response");
    refuses((request, number) -> new Reply(200, NOTHING), "not an RFC 3161 response");
    refuses(
        (request, number) -> new Reply(200, bytes("<html>Please log in</html>")),
        "Is this the address of its RFC 3161 service?");
  }

  @Test
  void refusesAnAnswerThatIsTooLarge() throws Exception {
    try (Server server =
        new Server((request, number) -> new Reply(200, Bytes.of(new byte[2 * 1024 * 1024])))) {
      TimestampAuthority client = at(server);
      assertThatThrownBy(() -> client.timestamp(SIGNATURE))
          .hasMessageContaining("the answer is longer than");
    }
  }

  @Test
  void refusesARejection() throws Exception {
    refuses(
        (request, number) -> new Reply(200, TestTimestampAuthority.rejection("no such policy")),
        "the request was rejected, status 2: 'no such policy'");
  }

  @Test
  void refusesATimestampOverOtherBytes() throws Exception {
    refuses(
        (request, number) -> new Reply(200, authority.stamp(bytes("other"), Instant.now())),
        "the time stamp does not answer the request");
  }

  @Test
  void refusesATimestampWithAnotherNonce() throws Exception {
    refuses(
        (request, number) -> {
          TimeStampRequest parsed = new TimeStampRequest(request);
          TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
          generator.setCertReq(true);
          return new Reply(
              200,
              authority.answer(
                  generator.generate(
                      parsed.getMessageImprintAlgOID(), parsed.getMessageImprintDigest()),
                  Instant.now()));
        },
        "the time stamp does not answer the request");
  }

  @Test
  void refusesATimestampByACertificateForSomethingElse() throws Exception {
    TestCertificate wrong =
        TestCertificate.named("CN=X").usage(KeyUsage.digitalSignature).issuedBy(root);
    TestTimestampAuthority other = new TestTimestampAuthority(wrong, wrong);
    refuses(
        (request, number) ->
            new Reply(200, other.answer(new TimeStampRequest(request), Instant.now())),
        "it is not validly signed for time stamping");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://tsa.example/",
        "file:///etc/passwd",
        "tsa.example",
        "http:///x",
        "",
        "http://u:p@tsa/"
      })
  void refusesOtherAddresses(String address) {
    URI uri = URI.create(address);
    assertThatThrownBy(() -> TimestampAuthority.at(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("u:p");
  }

  // --- with a key

  private VerifiedModel signAndVerify(TestCertificate trusted) throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    Path signature = directory.resolve("model.sig");
    Path key = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, key, publicKey);
    try (Server server = authority.serve()) {
      ModelSigner.using(TimestampingSigner.using(KeySigner.load(key), at(server)))
          .sign(model, signature);
    }
    assertThat(ModelVerifier.using(KeyVerifier.load(publicKey)).verify(model, signature).findings())
        .singleElement()
        .asString()
        .contains("time stamps in the bundle were not verified");
    return ModelVerifier.using(
            TimestampedVerifier.using(
                KeyVerifier.load(publicKey),
                TimestampVerifier.trusting(List.of(trusted.certificate()))))
        .verify(model, signature);
  }

  @Test
  void saysWhenAKeySigned() throws Exception {
    VerifiedModel verified = signAndVerify(root);
    assertThat(verified.times()).singleElement().matches(time -> time.source() == Source.TIMESTAMP);
    assertThat(verified.findings()).isEmpty();
  }

  @Test
  void saysNoTimeIfTheAuthorityIsNotTrusted() throws Exception {
    VerifiedModel verified = signAndVerify(TestCertificate.root("CN=Other"));
    assertThat(verified.times()).isEmpty();
    assertThat(verified.findings())
        .singleElement()
        .asString()
        .contains("rfc3161Timestamps[0] does not count");
  }

  @Test
  void failsToSignIfTheAuthorityIsNotTheOneThatIsTrusted() throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    Path signature = directory.resolve("model.sig");
    Path key = directory.resolve("key.pem");
    KeyPairFiles.generate(EcdsaScheme.P256, key, directory.resolve("key.pub"));
    try (Server server = authority.serve()) {
      ModelSigner signer =
          ModelSigner.using(
              TimestampingSigner.using(KeySigner.load(key), at(server))
                  .verifyingBy(
                      TimestampVerifier.trusting(
                          List.of(TestCertificate.root("CN=Other").certificate()))));
      assertThatThrownBy(() -> signer.sign(model, signature))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("nothing was signed")
          .hasMessageContaining("its authority is not trusted");
      assertThat(signature).doesNotExist();
    }
  }
}
