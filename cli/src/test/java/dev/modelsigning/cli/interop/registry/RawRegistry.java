package dev.modelsigning.cli.interop.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.modelsigning.testing.RegistryServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Puts any bytes into a real registry, such as no client would write. */
final class RawRegistry {

  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private final HttpClient client = HttpClient.newHttpClient();
  private final RegistryServer server;
  private final String repository;

  RawRegistry(RegistryServer server, String repository) {
    this.server = server;
    this.repository = repository;
  }

  /** The reference of the program. */
  String reference(String tagOrDigest) {
    return "oci://"
        + server.reference(repository)
        + (tagOrDigest.contains(":") ? "@" : ":")
        + tagOrDigest;
  }

  static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Puts a blob; returns its digest. */
  String blob(byte[] content) throws IOException, InterruptedException {
    HttpResponse<String> started = send(request("blobs/uploads/").POST(BodyPublishers.noBody()));
    String location = started.headers().firstValue("Location").orElseThrow();
    URI place = URI.create("http://" + server.address()).resolve(location);
    String query = (place.getRawQuery() == null ? "?" : "&") + "digest=" + digest(content);
    require(
        send(
            HttpRequest.newBuilder(URI.create(place + query))
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(content))));
    return digest(content);
  }

  /** Puts a manifest under a tag or a digest, its own or not; returns its own. */
  String manifest(String tagOrDigest, String json) throws IOException, InterruptedException {
    return put(tagOrDigest, MANIFEST, json);
  }

  String put(String tagOrDigest, String type, String json)
      throws IOException, InterruptedException {
    require(
        send(
            request("manifests/" + tagOrDigest)
                .header("Content-Type", type)
                .PUT(BodyPublishers.ofString(json))));
    return digest(json.getBytes(UTF_8));
  }

  String get(String tagOrDigest) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(request("manifests/" + tagOrDigest).header("Accept", MANIFEST + ", " + INDEX));
    require(answer);
    return answer.body();
  }

  /** A layer as a descriptor, with annotations as JSON. */
  static String layer(String type, byte[] content, String annotations) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{%s}}"
        .formatted(type, digest(content), content.length, annotations);
  }

  /** A manifest with these layers; the blob of its config is put, too. */
  String model(String tag, String... layers) throws IOException, InterruptedException {
    byte[] config = "{}".getBytes(UTF_8);
    blob(config);
    return manifest(
        tag,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MANIFEST,
                layer("application/vnd.oci.empty.v1+json", config, ""),
                String.join(",", layers)));
  }

  /** A manifest that says to refer to another one, with one layer; returns its digest. */
  String referrer(String subject, String layer) throws IOException, InterruptedException {
    byte[] config = "{}".getBytes(UTF_8);
    blob(config);
    String json =
        ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s],"
                + "\"subject\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}}")
            .formatted(
                MANIFEST,
                layer("application/vnd.oci.empty.v1+json", config, ""),
                layer,
                MANIFEST,
                subject,
                get(subject).length());
    return manifest(digest(json.getBytes(UTF_8)), json);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://" + server.reference("v2/" + repository + "/" + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static void require(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer + ": " + answer.body());
    }
  }
}
