package dev.modelsigning.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Answers;
import dev.modelsigning.testing.TestHttpServer.Received;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures that real servers cannot be made to have, with a server of our own. */
class S3FailuresTest {

  private static final String SECRET = "SECRET-of-this-test";
  private static final String TAG = "\"0123456789abcdef0123456789abcdef\"";

  /** More than one read of the engine, so that a lost connection is seen in the middle. */
  private static final byte[] CONTENT = new byte[300_000];

  private static S3Options options(TestHttpServer server) {
    return S3Options.withDefaults()
        .withEnvironment(
            Map.of(
                "AWS_ACCESS_KEY_ID",
                "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY",
                SECRET,
                "AWS_SESSION_TOKEN",
                "TOKEN-of-this-test",
                "AWS_REGION",
                "eu-central-1"))
        .withEndpoint(server.uri("/").toString())
        .withTimeout(Duration.ofSeconds(20));
  }

  private static HashedModel hash(TestHttpServer server) throws IOException {
    try (S3Model model = S3Model.open(S3Reference.parse("s3://models/bert/"), options(server))) {
      return ModelHasher.withDefaults().hash(model);
    }
  }

  private static boolean isList(Received request) {
    return request.path().contains("list-type=2");
  }

  private static String list(String contents, String more) {
    return "<?xml version=\"1.0\"?><ListBucketResult><Name>models</Name>"
        + contents
        + more
        + "</ListBucketResult>";
  }

  private static String object(String key, long size, String more) {
    return "<Contents><Key>"
        + key
        + "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"
        + TAG.replace("\"", "&quot;")
        + "</ETag><Size>"
        + size
        + "</Size>"
        + more
        + "</Contents>";
  }

  private static String error(String code, String message) {
    return "<?xml version=\"1.0\"?><Error><Code>"
        + code
        + "</Code><Message>"
        + message
        + "</Message><RequestId>1</RequestId></Error>";
  }

  private static void sendList(OutputStream connection, String contents, String more)
      throws IOException {
    TestHttpServer.send(
        connection,
        200,
        list(contents, more).getBytes(StandardCharsets.UTF_8),
        "Content-Type: application/xml");
  }

  /** A model with one object, whose content is answered as the test says. */
  private static Answers oneObject(Answers content) {
    return (request, number, connection) -> {
      if (isList(request)) {
        sendList(connection, object("bert/a", CONTENT.length, ""), "");
      } else {
        content.to(request, number, connection);
      }
    };
  }

  private static int start(Received request) {
    String range = String.valueOf(request.headers().get("range"));
    return Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
  }

  /** Sends the part that was asked for, but not more than some bytes of it. */
  private static void sendPart(Received request, OutputStream connection, int most)
      throws IOException {
    int start = start(request);
    byte[] rest = Arrays.copyOfRange(CONTENT, start, CONTENT.length);
    String head =
        "HTTP/1.1 206 Partial\r\nETag: "
            + TAG
            + "\r\nContent-Range: bytes "
            + start
            + "-"
            + (CONTENT.length - 1)
            + "/"
            + CONTENT.length
            + "\r\nContent-Length: "
            + rest.length
            + "\r\nConnection: close\r\n\r\n";
    connection.write(head.getBytes(StandardCharsets.US_ASCII));
    connection.write(rest, 0, Math.min(most, rest.length));
    connection.flush();
  }

  @Test
  void readsTheRestOfABodyThatWasCutOff() throws IOException {
    AtomicInteger parts = new AtomicInteger();
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject((request, number, connection) -> {
              parts.incrementAndGet();
              sendPart(request, connection, 100_000);
            }))) {
      HashedModel model = hash(server);

      assertThat(model.bytes()).isEqualTo(CONTENT.length);
      assertThat(parts).hasValueGreaterThanOrEqualTo(3); // more if a connection is reset early
      assertThat(server.requests())
          .filteredOn(request -> !isList(request))
          .allSatisfy(request -> assertThat(request.headers().get("if-match")).isEqualTo(TAG));
    }
  }

  @Test
  void givesUpWhereNothingComesAnyMore() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject((request, number, connection) ->
                sendPart(request, connection, start(request) == 0 ? 100_000 : 0)))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("s3://models/bert/a")
          .hasMessageContaining("cannot be read further than to byte 100000 of 300000");
    }
  }

  @Test
  void doesNotPutTogetherTwoVersionsWithTheSameTag() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject((request, number, connection) -> {
              int start = start(request);
              String head =
                  "HTTP/1.1 206 Partial\r\nETag: "
                      + TAG
                      + "\r\nx-amz-version-id: "
                      + (start == 0 ? "first" : "second")
                      + "\r\nContent-Range: bytes "
                      + start
                      + "-299999/300000\r\nContent-Length: "
                      + (300_000 - start)
                      + "\r\nConnection: close\r\n\r\n";
              connection.write(head.getBytes(StandardCharsets.US_ASCII));
              connection.write(CONTENT, 0, 100_000);
            }))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("s3://models/bert/a")
          .hasMessageContaining("changed while the model was read");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 1-299999/300000",
        "bytes 0-299999/300001",
        "bytes 0-299998/300000",
        "bytes 0-299999/*"
      })
  void refusesOtherBytesThanThoseThatWereAskedFor(String range) throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject((request, number, connection) ->
                TestHttpServer.send(
                    connection, 206, CONTENT, "ETag: " + TAG, "Content-Range: " + range)))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("s3://models/bert/a")
          .hasMessageContaining("answered with other bytes than those that were asked for");
    }
  }

  @Test
  void refusesAnotherTag() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject((request, number, connection) ->
                TestHttpServer.send(
                    connection,
                    206,
                    CONTENT,
                    "ETag: \"other\"",
                    "Content-Range: bytes 0-299999/300000")))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("changed while the model was read");
    }
  }

  @Test
  void waitsWhileRequestsAreThrottled() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject((request, number, connection) -> {
              if (asked.incrementAndGet() < 3) {
                TestHttpServer.send(
                    connection,
                    503,
                    error("SlowDown", "Please reduce your request rate.")
                        .getBytes(StandardCharsets.UTF_8));
              } else {
                sendPart(request, connection, CONTENT.length);
              }
            }))) {
      assertThat(hash(server).files()).isEqualTo(1);
      assertThat(asked).hasValue(3);
    }
  }

  @Test
  void saysThatRequestsAreThrottledForTooLong() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject((request, number, connection) -> {
              asked.incrementAndGet();
              TestHttpServer.send(
                  connection,
                  503,
                  error("SlowDown", "Please reduce your request rate.")
                      .getBytes(StandardCharsets.UTF_8));
            }))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("s3://models/bert/a")
          .hasMessageContaining("throttles requests (503 SlowDown)")
          .hasMessageContaining("--jobs");
      assertThat(asked).hasValueLessThan(10);
    }
  }

  @Test
  void refusesAListThatEndsWithADenial() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          String path = URLDecoder.decode(request.path(), StandardCharsets.UTF_8);
          if (path.contains("continuation-token=next")) {
            TestHttpServer.send(
                connection,
                403,
                error("AccessDenied", "Access Denied").getBytes(StandardCharsets.UTF_8));
          } else if (isList(request)) {
            sendList(
                connection,
                object("bert/a", CONTENT.length, ""),
                "<IsTruncated>true</IsTruncated>"
                    + "<NextContinuationToken>next</NextContinuationToken>");
          } else {
            sendPart(request, connection, CONTENT.length);
          }
        })) {
      assertThatThrownBy(() -> hash(server))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("s3://models/bert/")
          .hasMessageContaining("s3:ListBucket")
          .hasMessageContaining("--s3-requester-pays");
      assertThat(server.requests()).as("nothing is read before").allMatch(S3FailuresTest::isList);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<IsTruncated>true</IsTruncated>",
        "<IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>"
      })
  void refusesAListThatDoesNotGoOn(String more) throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            (request, number, connection) -> sendList(connection, object("bert/a", 0, ""), more))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("does not say how its list goes on");
    }
  }

  @Test
  void refusesAListOfOtherObjects() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            (request, number, connection) -> sendList(connection, object("other/a", 0, ""), ""))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("lists another object: s3://models/other/a");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GLACIER", "DEEP_ARCHIVE"})
  void refusesArchivedObjectsBeforeAnythingIsRead(String storage) throws IOException {
    String archived = object("bert/b", 5, "<StorageClass>" + storage + "</StorageClass>");
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            sendList(connection, object("bert/a", 5, "") + archived, ""))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("s3://models/bert/b")
          .hasMessageContaining("restore it first")
          .hasMessageContaining(storage);
      assertThat(server.requests()).allMatch(S3FailuresTest::isList);
    }
  }

  @Test
  void readsArchivedObjectsThatWereRestored() throws IOException {
    String restored =
        object(
            "bert/a",
            CONTENT.length,
            "<StorageClass>GLACIER</StorageClass><RestoreStatus>"
                + "<IsRestoreInProgress>false</IsRestoreInProgress>"
                + "<RestoreExpiryDate>2027-01-01T00:00:00Z</RestoreExpiryDate></RestoreStatus>");
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          if (isList(request)) {
            sendList(connection, restored, "");
          } else {
            sendPart(request, connection, CONTENT.length);
          }
        })) {
      assertThat(hash(server).files()).isEqualTo(1);
    }
  }

  @Test
  void saysThatAnObjectIsArchivedWhoseClassDoesNotTell() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject((request, number, connection) ->
                TestHttpServer.send(
                    connection,
                    403,
                    error("InvalidObjectState", "archived").getBytes(StandardCharsets.UTF_8))))) {
      assertThatThrownBy(() -> hash(server))
          .hasMessageContaining("s3://models/bert/a")
          .hasMessageContaining("restore it first");
    }
  }

  private static void refuses(int status, String code, String message, String... headers)
      throws IOException {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) ->
            TestHttpServer.send(
                connection,
                status,
                error(code, "said with " + SECRET + " TOKEN-of-this-test")
                    .getBytes(StandardCharsets.UTF_8),
                headers))) {
      assertThatThrownBy(() -> hash(server))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(message)
          .hasMessageNotContaining("TOKEN-of-this-test");
    }
  }

  @Test
  void saysThatTheClockIsWrong() throws IOException {
    refuses(403, "RequestTimeTooSkewed", "the clock of this machine is wrong");
  }

  @Test
  void saysInWhichRegionABucketIs() throws IOException {
    refuses(301, "PermanentRedirect", "set AWS_REGION=eu-west-1", "x-amz-bucket-region: eu-west-1");
  }

  @Test
  void saysThatABucketIsInAnotherRegion() throws IOException {
    refuses(301, "PermanentRedirect", "is in another region than eu-central-1");
  }

  @Test
  void saysThatCredentialsHaveExpired() throws IOException {
    refuses(400, "ExpiredToken", "the credentials have expired");
  }

  @Test
  void saysThatCredentialsAreNotKnown() throws IOException {
    refuses(403, "InvalidAccessKeyId", "does not know the credentials");
  }

  @Test
  void saysWhatIsNotPermitted() throws IOException {
    refuses(403, "AccessDenied", "the credentials lack s3:ListBucket");
  }

  @Test
  void paysOnlyOnDemand() throws IOException {
    try (TestHttpServer server =
        new TestHttpServer(
            oneObject(
                (request, number, connection) -> sendPart(request, connection, CONTENT.length)))) {
      hash(server);
      assertThat(server.requests())
          .allSatisfy(
              request -> assertThat(request.headers()).doesNotContainKey("x-amz-request-payer"));
      try (S3Model model =
          S3Model.open(S3Reference.parse("s3://models/bert/"), options(server).payingRequests())) {
        ModelHasher.withDefaults().hash(model);
      }
      assertThat(server.requests())
          .filteredOn(request -> request.headers().containsKey("x-amz-request-payer"))
          .hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com",
        "https://user:SECRET-of-this-test@example.com",
        "https://example.com/path",
        "ftp://example.com",
        "example.com"
      })
  void refusesAnAddressThatIsNotSecure(String address) {
    assertThatThrownBy(() ->
            S3Model.open(
                S3Reference.parse("s3://models/bert"),
                S3Options.withDefaults()
                    .withEnvironment(Map.of("AWS_REGION", "eu-central-1"))
                    .withEndpoint(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--s3-endpoint: expected an address such as https://host:port")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void namesTheVariableWithAnAddressThatIsNotSecure() {
    assertThatThrownBy(() ->
            S3Model.open(
                S3Reference.parse("s3://models/bert"),
                S3Options.withDefaults()
                    .withEnvironment(Map.of("AWS_ENDPOINT_URL", "http://example.com"))))
        .hasMessageContaining("the variable AWS_ENDPOINT_URL: ")
        .hasMessageContaining("http to another machine");
  }
}
