package dev.modelsigning.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Answers;
import dev.modelsigning.testing.TestHttpServer.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that no honest store makes, and refusals that say nothing by themselves. */
class S3ListsTest {

  private static final String OBJECT =
      "<Contents><Key>bert/a</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
          + "<ETag>&quot;0123&quot;</ETag><Size>0</Size></Contents>";

  private static S3Options options(TestHttpServer server) {
    return S3Options.withDefaults()
        .withEnvironment(
            Map.of(
                "AWS_ACCESS_KEY_ID",
                "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY",
                "SECRET-of-this-test",
                "AWS_REGION",
                "eu-central-1"))
        .withEndpoint(server.uri("/").toString())
        .withTimeout(Duration.ofSeconds(20));
  }

  private static HashedModel hash(TestHttpServer server, String model) throws IOException {
    try (S3Model opened = S3Model.open(S3Reference.parse(model), options(server))) {
      return ModelHasher.withDefaults().hash(opened);
    }
  }

  private static byte[] list(String contents) {
    return ("<?xml version=\"1.0\"?><ListBucketResult><Name>models</Name>"
            + contents
            + "</ListBucketResult>")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] goesOn(String contents, int token) {
    return list(
        contents
            + "<IsTruncated>true</IsTruncated><NextContinuationToken>"
            + token
            + "</NextContinuationToken>");
  }

  private static boolean isList(Received request) {
    return request.path().contains("list-type=2");
  }

  /** Answers lists, and with an empty object. */
  private static Answers lists(Answers lists) {
    return (request, number, connection) -> {
      if (isList(request)) {
        lists.to(request, number, connection);
      } else {
        TestHttpServer.send(connection, 200, new byte[0], "ETag: \"0123\"");
      }
    };
  }

  private static void refuses(String contents, String message) throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            lists((request, number, connection) ->
                TestHttpServer.send(connection, 200, list(contents))))) {
      assertThatThrownBy(() -> hash(server, "s3://models/bert/"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void refusesManyLevels() throws IOException {
    refuses("<a>".repeat(500_000) + "</a>".repeat(500_000), "more than 32 levels");
  }

  /** An angle bracket in an attribute ends no element. */
  @Test
  void refusesManyLevelsWithAttributes() throws IOException {
    refuses("<a b=\"/>\">".repeat(50_000) + "</a>".repeat(50_000), "more than 32 levels");
  }

  @Test
  void refusesManyElements() throws IOException {
    refuses("<a/>".repeat(200_000), "more than 100000 elements");
  }

  @Test
  void refusesEntities() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            lists((request, number, connection) ->
                TestHttpServer.send(
                    connection,
                    200,
                    ("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"bert/\">]>"
                            + "<ListBucketResult><Contents><Key>&b;a</Key></Contents>"
                            + "</ListBucketResult>")
                        .getBytes(StandardCharsets.UTF_8))))) {
      assertThatThrownBy(() -> hash(server, "s3://models/bert/")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesKeysThatCannotBeDecoded() throws IOException {
    refuses(
        "<EncodingType>url</EncodingType>" + OBJECT.replace("bert/a", "bert/%zz"),
        "answered with something else than expected");
  }

  @Test
  void goesOnAfterAnEmptyPage() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (TestHttpServer server =
        new TestHttpServer(
            lists((request, number, connection) ->
                TestHttpServer.send(
                    connection,
                    200,
                    request.path().contains("continuation-token=7")
                        ? list(OBJECT)
                        : goesOn("", asked.incrementAndGet() > 0 ? 7 : 0))))) {
      assertThat(hash(server, "s3://models/bert/").files()).isEqualTo(1);
    }
  }

  @Test
  void refusesPagesWithoutEnd() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (TestHttpServer server =
        new TestHttpServer(
            lists((request, number, connection) ->
                TestHttpServer.send(
                    connection, 200, goesOn("", asked.incrementAndGet() % 3 + 1))))) {
      assertThatThrownBy(() -> hash(server, "s3://models/bert/"))
          .hasMessageContaining("s3://models/bert/")
          .hasMessageContaining("has nothing on 1000 pages");
      assertThat(asked).hasValue(1000);
    }
  }

  /** A HEAD request is refused without a word. */
  @ParameterizedTest
  @ValueSource(strings = {"SignatureDoesNotMatch", "RequestTimeTooSkewed", "ExpiredToken"})
  void saysWhyAFileCannotBeLookedFor(String code) throws IOException {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            TestHttpServer.send(
                connection,
                code.equals("ExpiredToken") ? 400 : 403,
                request.line().startsWith("HEAD ")
                    ? new byte[0]
                    : ("<Error><Code>" + code + "</Code><Message>no</Message></Error>")
                        .getBytes(StandardCharsets.UTF_8)))) {
      assertThatThrownBy(
              () -> S3File.open(S3Reference.parse("s3://models/bert.sig"), options(server)))
          .hasMessageContaining(
              switch (code) {
                case "ExpiredToken" -> "the credentials have expired";
                case "RequestTimeTooSkewed" -> "the clock of this machine is wrong";
                default -> "does not know the credentials, or they are wrong";
              });
      assertThatThrownBy(() -> hash(server, "s3://models/bert"))
          .as("without a slash")
          .hasMessageNotContaining("without a word");
    }
  }

  /** Rights may be given for what is below a prefix only. */
  @Test
  void saysHowToNameWhatIsBelow() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          if (isList(request)) {
            TestHttpServer.send(connection, 200, list(OBJECT));
          } else {
            TestHttpServer.send(
                connection,
                403,
                request.line().startsWith("HEAD ")
                    ? new byte[0]
                    : "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
                        .getBytes(StandardCharsets.UTF_8));
          }
        })) {
      assertThatThrownBy(() -> hash(server, "s3://models/bert"))
          .hasMessageContaining("permission denied")
          .hasMessageContaining("s3:GetObject")
          .hasMessageContaining("write s3://models/bert/");
    }
  }

  @Test
  void saysThatRedirectsAreNotFollowed() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            TestHttpServer.send(
                connection, 307, new byte[0], "Location: http://127.0.0.1:9/elsewhere"))) {
      assertThatThrownBy(() -> hash(server, "s3://models/bert/"))
          .hasMessageContaining("redirects to another address, which is not followed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost:9000", "https://minio_1:9000", "http://minio:9000", "https://a/b"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> S3Options.withDefaults().withEndpoint(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--s3-endpoint: expected an address")
        .hasMessageNotContaining("something else");
  }
}
