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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signatures that a policy finds beside a model in a store and cannot read, with our own server.
 */
class StoreFoundTest {

  @TempDir private Path directory;

  private Workspace workspace;
  private final Map<String, byte[]> objects = new TreeMap<>();

  /** The answers for objects that are listed and cannot be read: a status and a code. */
  private final Map<String, String> refused = new TreeMap<>();

  /** The length that the store says, where it is not that of the content. */
  private final Map<String, Long> sizes = new TreeMap<>();

  @BeforeEach
  void signHere() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign("--quiet").assertSucceeded();
    workspace.write(
        "policy.yaml",
        """
        version: 1
        signers:
          alice: { key: { public-key: %s } }
        models:
          - { match: "bucket/model", signatures: { of: [alice] } }
        """
            .formatted(workspace.publicKey()));
    try (var files = Files.walk(workspace.model())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        objects.put("model/" + workspace.model().relativize(file), Files.readAllBytes(file));
      }
    }
    objects.put("model.sig", Files.readAllBytes(workspace.signature()));
  }

  private long size(String key) {
    return sizes.getOrDefault(key, (long) objects.get(key).length);
  }

  private void answer(Received request, OutputStream connection) throws IOException {
    String[] line = request.line().split(" ", -1);
    if (line[1].contains("list-type=2")) {
      list(line[1], connection);
      return;
    }
    String key = line[1].substring("/bucket/".length());
    if (refused.containsKey(key)) {
      String[] how = refused.get(key).split(" ", -1);
      TestHttpServer.send(
          connection,
          Integer.parseInt(how[0]),
          line[0].equals("HEAD")
              ? new byte[0]
              : ("<Error><Code>" + how[1] + "</Code><Message>no</Message></Error>").getBytes(UTF_8),
          "Content-Type: application/xml");
      return;
    }
    if (!objects.containsKey(key)) {
      TestHttpServer.send(connection, 404, new byte[0]);
      return;
    }
    byte[] content = objects.get(key);
    String range = request.headers().get("range");
    long from = 0;
    long to = size(key);
    if (range != null) {
      String[] ends = range.substring("bytes=".length()).split("-", -1);
      from = Long.parseLong(ends[0]);
      to = Long.parseLong(ends[1]) + 1;
    }
    String head =
        "HTTP/1.1 "
            + (range == null ? "200 OK" : "206 Partial Content")
            + "\r\nETag: \"1\"\r\nContent-Length: "
            + (to - from)
            + (range == null
                ? ""
                : "\r\nContent-Range: bytes " + from + "-" + (to - 1) + "/" + size(key))
            + "\r\nConnection: close\r\n\r\n";
    connection.write(head.getBytes(UTF_8));
    if (line[0].equals("GET")) {
      byte[] some = new byte[1 << 20];
      for (long at = from; at < to; at += some.length) {
        Arrays.fill(some, (byte) ' ');
        if (at < content.length) {
          System.arraycopy(
              content, (int) at, some, 0, (int) Math.min(some.length, content.length - at));
        }
        connection.write(some, 0, (int) Math.min(some.length, to - at));
      }
    }
    connection.flush();
  }

  private void list(String target, OutputStream connection) throws IOException {
    String prefix = target.replaceAll(".*[?&]prefix=([^&]*).*", "$1").replace("%2F", "/");
    if (!target.contains("prefix=")) {
      prefix = "";
    }
    StringBuilder answer = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    for (String key : objects.keySet()) {
      boolean deeper =
          target.contains("delimiter=")
              && key.startsWith(prefix)
              && key.indexOf('/', prefix.length()) >= 0;
      if (key.startsWith(prefix) && !deeper) {
        answer.append(
            "<Contents><Key>%s</Key><Size>%d</Size><ETag>\"1\"</ETag></Contents>"
                .formatted(key, size(key)));
      }
    }
    TestHttpServer.send(
        connection,
        200,
        answer.append("</ListBucketResult>").toString().getBytes(UTF_8),
        "Content-Type: application/xml");
  }

  private Invocation decide(Object... more) throws IOException {
    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> answer(request, connection))) {
      List<Object> args =
          new ArrayList<>(
              List.of(
                  "verify",
                  "policy",
                  "s3://bucket/model",
                  "--policy",
                  workspace.path("policy.yaml")));
      args.addAll(Arrays.asList(more));
      return Invocation.in(
          Map.of(
              "AWS_ACCESS_KEY_ID",
              "AKIDEXAMPLE",
              "AWS_SECRET_ACCESS_KEY",
              "SECRET-of-this-test",
              "AWS_REGION",
              "eu-central-1",
              "AWS_ENDPOINT_URL",
              server.uri("/").toString()),
          args.toArray());
    }
  }

  @Test
  void looksAtTheOthersWhereSomeCannotBeRead() throws IOException {
    List<String> bad =
        List.of("denied.sig", "archived.sig", "vanished.sig", "large.sig", "junk.sig");
    for (String name : bad) {
      objects.put(name, "junk".getBytes(UTF_8));
    }
    objects.put("denied.sigstore.json", "junk".getBytes(UTF_8));
    refused.put("denied.sig", "403 AccessDenied");
    refused.put("denied.sigstore.json", "403 AccessDenied");
    refused.put("archived.sig", "403 InvalidObjectState");
    refused.put("vanished.sig", "404 NoSuchKey");
    sizes.put("large.sig", 1L << 40);

    String text = decide().assertSucceeded().out();
    String json = decide("--format", "json").assertSucceeded().out();

    assertThat(text).contains("not counted");
    for (String name : bad) {
      assertThat(json).contains("\"file\":\"s3://bucket/" + name + "\"");
    }
    assertThat(json).contains("expected at most", "there is no such object");
    decide("--signature", "s3://bucket/large.sig")
        .assertFailed(Workspace.VERIFICATION_FAILED, "s3://bucket/large.sig: expected at most");
  }

  @Test
  void keepsNoMoreThanFitsIntoMemory() throws IOException {
    // JSON may end with blanks, so that these are good signatures.
    for (int i = 0; i < 5; i++) {
      String name = i + ".sig";
      objects.put(name, objects.get("model.sig"));
      sizes.put(name, 60L * 1024 * 1024);
    }

    Invocation decided = decide("--format", "json");

    decided.assertSucceeded();
    assertThat(decided.out())
        .contains("it is not looked at, as all that were found have more than 268435456 bytes");
  }
}
