package dev.modelsigning.cli.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Received;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims that others append at the same time, with a server of our own. */
class StoreFilesTest {

  @TempDir private Path directory;

  private Workspace workspace;
  private String other;

  /** A store with one object, which somebody else may write before we do. */
  private final class Store {
    private String content = other;
    private int version = 1;
    private int others;
    private boolean losesAnswers;
    private boolean denies;
    private String key = "model/claims.jsonl";
    private final List<String> conditions = new ArrayList<>();

    private String tag() {
      return "\"" + version + "\"";
    }

    void answer(Received request, OutputStream connection) throws IOException {
      String method = request.line().substring(0, request.line().indexOf(' '));
      if (method.equals("PUT") && denies) {
        TestHttpServer.send(
            connection,
            403,
            "<Error><Code>AccessDenied</Code><Message>no</Message></Error>".getBytes(UTF_8),
            "Content-Type: application/xml");
        return;
      }
      if (method.equals("PUT")) {
        conditions.add(String.valueOf(request.headers().get("if-match")));
        if (others > 0) {
          others--;
          content += other;
          version++;
        }
        if (!tag().equals(request.headers().get("if-match"))) {
          TestHttpServer.send(
              connection,
              412,
              "<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>".getBytes(UTF_8),
              "Content-Type: application/xml");
          return;
        }
        content = new String(request.content(), UTF_8);
        version++;
        if (losesAnswers) {
          losesAnswers = false;
          return;
        }
        TestHttpServer.send(connection, 200, new byte[0], "ETag: " + tag());
        return;
      }
      if (request.line().contains("list-type=2")) {
        TestHttpServer.send(
            connection,
            200,
            "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>".getBytes(UTF_8),
            "Content-Type: application/xml");
        return;
      }
      if (content.isEmpty() || !request.line().contains(" /claims/" + key + " ")) {
        TestHttpServer.send(connection, 404, new byte[0]);
        return;
      }
      byte[] bytes = content.getBytes(UTF_8);
      String head =
          "HTTP/1.1 200 OK\r\nETag: "
              + tag()
              + "\r\nContent-Length: "
              + bytes.length
              + "\r\nConnection: close\r\n\r\n";
      connection.write(head.getBytes(UTF_8));
      if (method.equals("GET")) {
        connection.write(bytes);
      }
      connection.flush();
    }
  }

  @BeforeEach
  void attestHere() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign("--quiet").assertSucceeded();
    workspace.write("predicate.json", "{\"result\":\"good\"}");
    attest(Map.of(), workspace.path("claims.jsonl")).assertSucceeded();
    other = Files.readString(workspace.path("claims.jsonl"));
    workspace.write("predicate.json", "{\"result\":\"better\"}");
  }

  private Invocation attest(Map<String, String> environment, Object claims) {
    return Invocation.in(
        environment,
        "attest",
        "key",
        workspace.model(),
        "--signature",
        workspace.signature(),
        "--private-key",
        workspace.privateKey(),
        "--predicate-type",
        "https://example.com/checked/v1",
        "--predicate",
        workspace.path("predicate.json"),
        "--claims",
        claims);
  }

  private Invocation attest(Store store) throws IOException {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          synchronized (store) {
            store.answer(request, connection);
          }
        })) {
      return attest(environment(server), "s3://claims/model/claims.jsonl");
    }
  }

  private static Map<String, String> environment(TestHttpServer server) {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY",
        "SECRET-of-this-test",
        "AWS_REGION",
        "eu-central-1",
        "AWS_ENDPOINT_URL",
        server.uri("/").toString());
  }

  private Invocation sign(Store store) throws IOException {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> {
          synchronized (store) {
            store.answer(request, connection);
          }
        })) {
      return Invocation.in(
          environment(server),
          "sign",
          "key",
          workspace.model(),
          "--private-key",
          workspace.privateKey(),
          "--signature",
          "s3://claims/model.sig");
    }
  }

  /** The file that a message names, which is removed with its directory when it was read. */
  private static String kept(Invocation failed, String before) throws IOException {
    Matcher named = Pattern.compile(before + " (\\S+): ").matcher(failed.err());
    assertThat(named.find()).as(failed.err()).isTrue();
    Path file = Path.of(named.group(1));
    String content = Files.readString(file);
    Files.delete(file);
    Files.delete(file.getParent());
    return content;
  }

  @Test
  void keepsASignatureThatCannotBeWritten() throws IOException {
    Store denying = new Store();
    denying.key = "model.sig";
    denying.content = "";
    denying.denies = true;
    Store taken = new Store();
    taken.key = "model.sig";
    taken.content = Files.readString(workspace.signature());
    taken.others = 1;

    Invocation denied = sign(denying);
    Invocation late = sign(taken);

    denied.assertFailed(Workspace.SIGNING_FAILED, "s3://claims/model.sig: permission denied");
    late.assertFailed(Workspace.SIGNING_FAILED, "was written by somebody else at the same time");
    for (Invocation failed : List.of(denied, late)) {
      assertThat(failed.err()).contains("copy it there, or sign again with another --signature");
      workspace.write("kept.sig", kept(failed, "the signature is in"));
      Invocation.of(
              "verify",
              "key",
              workspace.model(),
              "--public-key",
              workspace.publicKey(),
              "--signature",
              workspace.path("kept.sig"))
          .assertSucceeded();
    }
  }

  @Test
  void keepsAClaimThatCannotBeAppended() throws IOException {
    Store store = new Store();
    store.denies = true;

    Invocation denied = attest(store);

    denied.assertFailed(
        "Attesting failed with error",
        "s3://claims/model/claims.jsonl: permission denied",
        "append it to the claims, or attest again with another --claims");
    workspace.write("kept.jsonl", kept(denied, "the attestation is in"));
    assertThat(
            Invocation.of(
                    "verify-attestation",
                    "key",
                    workspace.model(),
                    "--signature",
                    workspace.signature(),
                    "--public-key",
                    workspace.publicKey(),
                    "--predicate-type",
                    "https://example.com/checked/v1",
                    "--claims",
                    workspace.path("kept.jsonl"))
                .assertSucceeded()
                .out())
        .contains("better");
  }

  @Test
  void keepsTheClaimsThatOthersAppendAtTheSameTime() throws IOException {
    Store store = new Store();
    store.others = 2;

    assertThat(attest(store).assertSucceeded().out()).contains("claim 4 of s3://claims/");

    assertThat(store.content).startsWith(other + other + other);
    assertThat(store.content.lines()).hasSize(4).doesNotContain("");
    assertThat(store.conditions).containsExactly("\"1\"", "\"2\"", "\"3\"");
  }

  @Test
  void givesUpWhereOthersAreAlwaysFaster() throws IOException {
    Store store = new Store();
    store.others = 100;

    attest(store)
        .assertFailed(
            "Attesting failed with error",
            "s3://claims/model/claims.jsonl",
            "was written by somebody else at the same time",
            "the attestation is in ");

    assertThat(store.conditions).hasSize(5);
    assertThat(store.content).isEqualTo(other.repeat(6));
  }

  @Test
  void appendsOnceWhereTheAnswerIsLost() throws IOException {
    Store store = new Store();
    store.losesAnswers = true;

    attest(store).assertSucceeded();

    assertThat(store.content.lines()).hasSize(2);
  }
}
