package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Other manifests with the layer and the signature of a model, as anybody can push them. */
final class ForgedModels {

  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final Pattern DIGEST = Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})\"");
  private static final Pattern LAYER =
      Pattern.compile(
          "\"layers\":\\[\\{\"mediaType\":\"[^\"]*\",(\"digest\":\"[^\"]*\",\"size\":\\d+),");
  private static final Pattern SUBJECT =
      Pattern.compile("(\"subject\":\\{[^}]*\"digest\":\")[^\"]*(\",\"size\":)\\d+");

  private final HttpClient client = HttpClient.newHttpClient();
  private final ClusterScene scene;
  private final String repository;
  private final String signedLayer;
  private final String signature;

  /**
   * Takes the layer and the signature of a model.
   *
   * @param model its repository and digest; it has one file, {@code weights.bin}
   */
  ForgedModels(ClusterScene scene, String model) throws Exception {
    this.scene = scene;
    repository = model.substring(0, model.indexOf('@'));
    String digest = model.substring(model.indexOf('@') + 1);
    Matcher layer = LAYER.matcher(get("manifests/" + digest));
    assertThat(layer.find()).isTrue();
    signedLayer = layer.group(1);
    Matcher referrers = DIGEST.matcher(get("referrers/" + digest));
    String found = "";
    while (found.isEmpty() && referrers.find()) {
      String manifest = get("manifests/" + referrers.group(1));
      // The other one is about the manifest, for cosign.
      found = manifest.contains("https://model_signing/signature/v1.0") ? manifest : "";
    }
    assertThat(found).contains("\"subject\"");
    signature = found;
  }

  /** The layer that was signed, with another media type. */
  String signed(String type) {
    return descriptor(type, signedLayer, "weights.bin");
  }

  /** A layer that nobody signed. */
  String layer(String type, String name, String content) throws Exception {
    return descriptor(type, blob(content), name);
  }

  private static String descriptor(String type, String blob, String name) {
    return "{\"mediaType\":\""
        + type
        + "\","
        + blob
        + (name.isEmpty()
            ? ""
            : ",\"annotations\":{\"org.opencontainers.image.title\":\"" + name + "\"}")
        + "}";
  }

  /** Pushes a manifest, and the signature as one of it; returns the repository with the digest. */
  String push(String configType, String config, String... layers) throws Exception {
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + MANIFEST
            + "\",\"config\":{\"mediaType\":\""
            + configType
            + "\","
            + blob(config)
            + "},\"layers\":["
            + String.join(",", layers)
            + "]}";
    String digest = digest(manifest);
    put(digest, manifest);
    String attached =
        SUBJECT.matcher(signature).replaceFirst("$1" + digest + "$2" + manifest.length());
    put(digest(attached), attached);
    return repository + "@" + digest;
  }

  private static String digest(String content) throws Exception {
    return "sha256:"
        + HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(content.getBytes(StandardCharsets.UTF_8)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://" + scene.registry.address() + "/v2/" + repository + "/" + path))
        .timeout(Duration.ofSeconds(60));
  }

  private String get(String path) throws Exception {
    HttpResponse<String> answer =
        client.send(request(path).header("Accept", MANIFEST).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private void put(String digest, String manifest) throws Exception {
    HttpResponse<String> answer =
        client.send(
            request("manifests/" + digest)
                .header("Content-Type", MANIFEST)
                .PUT(HttpRequest.BodyPublishers.ofString(manifest))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  /** Pushes a blob; returns what a descriptor says of it. */
  private String blob(String content) throws Exception {
    String digest = digest(content);
    HttpResponse<String> answer =
        client.send(
            request("blobs/uploads/?digest=" + digest)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofString(content))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return "\"digest\":\"" + digest + "\",\"size\":" + content.length();
  }
}
