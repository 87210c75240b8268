package dev.modelsigning.oci.internal.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageIndex;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry in memory on the loopback interface, with one repository's worth of everything. A test
 * can take over any request, and so make it misbehave.
 */
public final class FakeRegistry implements AutoCloseable {

  public static final String REPOSITORY = "team/model";

  private static final Pattern PATH =
      Pattern.compile("/v2/" + REPOSITORY + "/(manifests|blobs/uploads|blobs|referrers)/(.*)");

  /** A request. */
  public record Received(String method, String path, Map<String, String> headers, int length) {

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** What a test does with a request. */
  @FunctionalInterface
  public interface Interception {
    /** Returns whether the request was answered. */
    boolean takes(HttpExchange exchange, int number) throws IOException, InterruptedException;
  }

  public final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  public final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  public final Map<String, String> tags = new ConcurrentHashMap<>();
  final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  public final List<Received> requests = new CopyOnWriteArrayList<>();

  public volatile boolean referrersApi = true;
  volatile boolean ranges = true;
  public volatile int pageSize = Integer.MAX_VALUE;
  public volatile Interception interception = (exchange, number) -> false;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger numbers = new AtomicInteger();

  public FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public OciReference reference(String tagOrDigest) {
    return OciReference.parse("oci://" + host() + "/" + REPOSITORY + tagOrDigest);
  }

  /** Puts a manifest there, with a tag if one is given. */
  public OciDigest put(byte[] manifest, String tag) {
    OciDigest digest = OciDigest.of(manifest);
    manifests.put(digest.toString(), manifest);
    if (!tag.isEmpty()) {
      tags.put(tag, digest.toString());
    }
    return digest;
  }

  public Descriptor put(byte[] blob) {
    Descriptor descriptor = Descriptor.of("application/octet-stream", blob);
    blobs.put(descriptor.digest().toString(), blob);
    return descriptor;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
      requests.add(
          new Received(
              exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, 0));
      if (interception.takes(exchange, numbers.incrementAndGet())) {
        return;
      }
      answer(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
    if (!path.matches()) {
      send(exchange, 404, "no such path");
      return;
    }
    String name = path.group(2);
    switch (path.group(1)) {
      case "manifests" -> manifest(exchange, name);
      case "blobs" -> blob(exchange, name);
      case "referrers" -> referrers(exchange, name);
      default -> upload(exchange, name);
    }
  }

  private void manifest(HttpExchange exchange, String name) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      OciDigest digest = put(bytes, name.startsWith("sha256:") ? "" : name);
      exchange.getResponseHeaders().add("Docker-Content-Digest", digest.toString());
      if (referrersApi && new String(bytes, StandardCharsets.UTF_8).contains("\"subject\"")) {
        exchange.getResponseHeaders().add("OCI-Subject", "sha256:any");
      }
      send(exchange, 201, "");
      return;
    }
    byte[] bytes = manifests.get(tags.getOrDefault(name, name));
    if (bytes == null) {
      send(exchange, 404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}");
      return;
    }
    boolean index = new String(bytes, StandardCharsets.UTF_8).contains("\"manifests\"");
    sendManifest(exchange, index ? MediaTypes.INDEX : MediaTypes.MANIFEST, bytes);
  }

  public static void sendManifest(HttpExchange exchange, String type, byte[] bytes)
      throws IOException {
    exchange.getResponseHeaders().add("Content-Type", type);
    send(exchange, 200, bytes);
  }

  private void blob(HttpExchange exchange, String name) throws IOException {
    byte[] bytes = blobs.get(name);
    if (bytes == null) {
      send(exchange, 404, "{\"errors\":[{\"code\":\"BLOB_UNKNOWN\"}]}");
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", String.valueOf(bytes.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null || !ranges) {
      send(exchange, 200, bytes);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int from = Integer.parseInt(ends[0]);
    int last = Integer.parseInt(ends[1]);
    exchange
        .getResponseHeaders()
        .add("Content-Range", "bytes " + from + "-" + last + "/" + bytes.length);
    byte[] part = new byte[last - from + 1];
    System.arraycopy(bytes, from, part, 0, part.length);
    send(exchange, 206, part);
  }

  private void upload(HttpExchange exchange, String name) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "POST" -> {
        String id = "upload" + numbers.get();
        uploads.put(id, new ByteArrayOutputStream());
        sendUpload(exchange, 202, id);
      }
      case "PATCH" -> {
        ByteArrayOutputStream upload = uploads.get(name);
        String range = exchange.getRequestHeaders().getFirst("Content-Range");
        if (upload == null) {
          send(exchange, 404, "BLOB_UPLOAD_UNKNOWN");
        } else if (range != null && !range.startsWith(upload.size() + "-")) {
          sendUpload(exchange, 416, name);
        } else {
          exchange.getRequestBody().transferTo(upload);
          sendUpload(exchange, 202, name);
        }
      }
      case "GET" -> {
        if (uploads.containsKey(name)) {
          sendUpload(exchange, 204, name);
        } else {
          send(exchange, 404, "BLOB_UPLOAD_UNKNOWN");
        }
      }
      default -> {
        ByteArrayOutputStream upload = uploads.remove(name);
        if (upload == null) {
          send(exchange, 404, "BLOB_UPLOAD_UNKNOWN");
          return;
        }
        exchange.getRequestBody().transferTo(upload);
        OciDigest digest = OciDigest.of(upload.toByteArray());
        if (!exchange.getRequestURI().getQuery().contains("digest=" + digest)) {
          send(exchange, 400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}");
          return;
        }
        blobs.put(digest.toString(), upload.toByteArray());
        exchange.getResponseHeaders().add("Docker-Content-Digest", digest.toString());
        send(exchange, 201, "");
      }
    }
  }

  private void sendUpload(HttpExchange exchange, int status, String id) throws IOException {
    exchange
        .getResponseHeaders()
        .add("Location", "/v2/" + REPOSITORY + "/blobs/uploads/" + id + "?_state=a;b%3D");
    exchange.getResponseHeaders().add("Range", "0-" + Math.max(0, uploads.get(id).size() - 1));
    exchange.sendResponseHeaders(status, -1);
  }

  private void referrers(HttpExchange exchange, String name) throws IOException {
    if (!referrersApi) {
      send(exchange, 404, "404 page not found");
      return;
    }
    List<Descriptor> all = new ArrayList<>();
    for (byte[] bytes : new TreeMap<>(manifests).values()) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (!text.contains("\"manifests\"")) {
        ImageManifest manifest = ImageManifest.read(bytes);
        if (manifest.subject().map(s -> s.digest().toString()).orElse("").equals(name)) {
          all.add(
              Descriptor.of(MediaTypes.MANIFEST, bytes)
                  .withArtifactType(Optional.of(manifest.effectiveType())));
        }
      }
    }
    String query = exchange.getRequestURI().getQuery();
    int from = query == null ? 0 : Integer.parseInt(query.replaceFirst("last=", ""));
    int to = (int) Math.min(all.size(), (long) from + pageSize);
    if (to < all.size()) {
      exchange
          .getResponseHeaders()
          .add(
              "Link",
              "</v2/" + REPOSITORY + "/referrers/" + name + "?last=" + to + ">; rel=\"next\"");
    }
    sendManifest(
        exchange, MediaTypes.INDEX, new ImageIndex(all.subList(from, to), Map.of()).toJson());
  }

  static void send(HttpExchange exchange, int status, String text) throws IOException {
    send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    if (content.length > 0) {
      exchange.getResponseBody().write(content);
    }
  }

  /** The requests with this method. */
  List<Received> requests(String method) {
    return requests.stream()
        .filter(each -> each.method().equals(method.toUpperCase(Locale.ROOT)))
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
