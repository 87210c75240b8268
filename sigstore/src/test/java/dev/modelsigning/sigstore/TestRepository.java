package dev.modelsigning.sigstore;

import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.sigstore.internal.log.TestLog;
import dev.sigstore.json.canonicalizer.JsonCanonicalizer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TUF repository on the loopback interface, whose owner can do whatever a test asks for. */
public final class TestRepository implements AutoCloseable {

  public final Map<String, byte[]> files = new ConcurrentHashMap<>();
  final List<String> requests = new CopyOnWriteArrayList<>();

  private KeyPair keys = TestSigstore.keys("Ed25519");
  private int rootVersion = 1;
  private int version;
  private final HttpServer server;

  public TestRepository() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String name = exchange.getRequestURI().getPath().substring(1);
          requests.add(name);
          byte[] content = files.get(name);
          TestServices.answer(
              exchange, content == null ? 404 : 200, content == null ? new byte[0] : content);
        });
    server.start();
    files.put("1.root.json", root(keys, keys));
  }

  @Override
  public void close() {
    server.stop(0);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The first root, as users have it. */
  Path writeRoot(Path file) throws IOException {
    return Files.write(file, files.get("1.root.json"));
  }

  /** Makes a new root with a new key, which the old one vouches for. */
  void rotate() {
    KeyPair old = keys;
    keys = TestSigstore.keys("Ed25519");
    rootVersion++;
    files.put(rootVersion + ".root.json", root(keys, old, keys));
  }

  /** Publishes files, valid for so long. */
  void publish(Duration valid, Map<String, String> targets) {
    publish(++version, valid, targets);
  }

  void publish(int number, Duration valid, Map<String, String> targets) {
    StringBuilder list = new StringBuilder();
    new TreeMap<>(targets)
        .forEach((name, text) -> {
          byte[] content = text.getBytes(StandardCharsets.UTF_8);
          String hash = HexFormat.of().formatHex(Sha256.of(Bytes.of(content)));
          files.put("targets/" + hash + "." + name, content);
          list.append(list.length() == 0 ? "" : ",")
              .append("\"")
              .append(name)
              .append("\":{\"hashes\":{\"sha256\":\"")
              .append(hash)
              .append("\"},\"length\":")
              .append(content.length)
              .append("}");
        });
    files.put(
        number + ".targets.json",
        signed(
            "{\"_type\":\"targets\","
                + common(valid)
                + ",\"targets\":{"
                + list
                + "},\"version\":"
                + number
                + "}",
            keys));
    files.put(
        number + ".snapshot.json",
        signed(
            "{\"_type\":\"snapshot\","
                + common(valid)
                + ",\"meta\":{\"targets.json\":{\"version\":"
                + number
                + "}},\"version\":"
                + number
                + "}",
            keys));
    files.put(
        "timestamp.json",
        signed(
            "{\"_type\":\"timestamp\","
                + common(valid)
                + ",\"meta\":{\"snapshot.json\":{\"version\":"
                + number
                + "}},\"version\":"
                + number
                + "}",
            keys));
  }

  private byte[] root(KeyPair key, KeyPair... signers) {
    String id = id(key);
    String role = "{\"keyids\":[\"" + id + "\"],\"threshold\":1}";
    return signed(
        "{\"_type\":\"root\",\"consistent_snapshot\":true,"
            + common(Duration.ofDays(365))
            + ",\"keys\":{\""
            + id
            + "\":{\"keyid_hash_algorithms\":[\"sha256\"],\"keytype\":\"ed25519\","
            + "\"keyval\":{\"public\":\""
            + raw(key)
            + "\"},\"scheme\":\"ed25519\"}},\"roles\":{\"root\":"
            + role
            + ",\"snapshot\":"
            + role
            + ",\"targets\":"
            + role
            + ",\"timestamp\":"
            + role
            + "},\"version\":"
            + rootVersion
            + "}",
        signers);
  }

  private static String common(Duration valid) {
    Instant expires = Instant.now().plus(valid).truncatedTo(ChronoUnit.SECONDS);
    return "\"expires\":\"" + expires + "\",\"spec_version\":\"1.0.31\"";
  }

  /** A document with signatures; the text is canonical already. */
  private static byte[] signed(String text, KeyPair... signers) {
    StringBuilder signatures = new StringBuilder();
    for (KeyPair signer : signers) {
      byte[] signature = TestLog.sign("Ed25519", signer.getPrivate(), canonical(text));
      signatures
          .append(signatures.length() == 0 ? "" : ",")
          .append("{\"keyid\":\"")
          .append(id(signer))
          .append("\",\"sig\":\"")
          .append(HexFormat.of().formatHex(signature))
          .append("\"}");
    }
    return ("{\"signatures\":[" + signatures + "],\"signed\":" + text + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] canonical(String text) {
    try {
      return new JsonCanonicalizer(text).getEncodedUTF8();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String raw(KeyPair keys) {
    byte[] encoded = keys.getPublic().getEncoded();
    return HexFormat.of()
        .formatHex(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private static String id(KeyPair keys) {
    return HexFormat.of()
        .formatHex(Sha256.of(Bytes.of(raw(keys).getBytes(StandardCharsets.UTF_8))));
  }
}
