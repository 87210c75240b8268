package dev.modelsigning.kms.vault;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Answers;
import dev.modelsigning.testing.TestHttpServer.Received;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server that answers as the secrets engine {@code transit} of Vault and OpenBao does, with keys
 * that really sign. What it is asked can be answered differently, as badly as a test likes.
 */
public final class TransitServer implements AutoCloseable {

  /** The only token that it knows. */
  public static final String TOKEN = "hvs.SECRET-of-this-test";

  private final TestHttpServer server;
  private final boolean tls;
  private final Map<String, List<TestKeys>> keys = new ConcurrentHashMap<>();
  private final Map<String, Answers> faults = new ConcurrentHashMap<>();
  private volatile String engine = "transit";
  private volatile String namespace = "";
  private volatile String capabilities = "\"update\"";

  /** A server without TLS. */
  public TransitServer() throws IOException {
    this.server = new TestHttpServer(this::answer);
    this.tls = false;
  }

  private TransitServer(TestCertificate certificate) throws IOException, GeneralSecurityException {
    this.server = TestHttpServer.tls(certificate, this::answer);
    this.tls = true;
  }

  /** A server with TLS; the certificate has to name 127.0.0.1. */
  public static TransitServer tls(TestCertificate certificate)
      throws IOException, GeneralSecurityException {
    return new TransitServer(certificate);
  }

  /** Its address. */
  public URI address() {
    return tls ? URI.create("https://127.0.0.1:" + server.port()) : server.uri("");
  }

  /** What a client needs to know. */
  public Map<String, String> environment() {
    return Map.of("VAULT_ADDR", address().toString(), "VAULT_TOKEN", TOKEN);
  }

  /** Makes a key, or another version of it. */
  public TestKeys rotate(String name, EcdsaScheme scheme) {
    TestKeys made = TestKeys.generate(scheme);
    keys.computeIfAbsent(name, any -> new ArrayList<>()).add(made);
    return made;
  }

  /** Where the engine is mounted, and in which namespace. */
  void mount(String otherEngine, String otherNamespace) {
    engine = otherEngine;
    namespace = otherNamespace;
  }

  /** What a token may do by {@code sys/capabilities-self}, as JSON strings. */
  void allow(String some) {
    capabilities = some;
  }

  /** Answers so what is asked at paths with this beginning, without the version of the API. */
  public void answering(String path, Answers fault) {
    faults.put(path, fault);
  }

  /** Answers so what is asked at paths with this beginning. */
  public void answering(String path, int status, String text, String... headers) {
    answering(path, TestHttpServer.answering(status, text, headers));
  }

  /** What was asked so far: methods and paths. */
  public List<String> asked() {
    return server.requests().stream()
        .map(request -> request.line().replace(" HTTP/1.1", ""))
        .toList();
  }

  /** The requests so far. */
  List<Received> requests() {
    return server.requests();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void answer(Received request, int number, OutputStream connection)
      throws IOException, InterruptedException {
    String path = request.path().replaceFirst("^/v1/", "");
    for (Map.Entry<String, Answers> fault : faults.entrySet()) {
      if (path.startsWith(fault.getKey())) {
        fault.getValue().to(request, number, connection);
        return;
      }
    }
    try {
      answer(request, path, connection);
    } catch (MalformedJsonException | GeneralSecurityException e) {
      refuse(connection, 400, e.toString());
    }
  }

  private void answer(Received request, String path, OutputStream connection)
      throws IOException, MalformedJsonException, GeneralSecurityException {
    if (!TOKEN.equals(request.headers().get("X-Vault-Token"))
        || !request.headers().getOrDefault("X-Vault-Namespace", "").equals(namespace)) {
      refuse(connection, 403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");
    } else if (path.equals("auth/token/lookup-self")) {
      succeed(connection, json -> json.string("display_name", "token"));
    } else if (path.equals("sys/capabilities-self")) {
      succeed(connection, json -> json.raw("capabilities", "[" + capabilities + "]"));
    } else if (path.startsWith(engine + "/keys/")) {
      describe(path.substring(engine.length() + 6), connection);
    } else if (path.startsWith(engine + "/sign/")) {
      sign(path.substring(engine.length() + 6).split("/", -1), request, connection);
    } else if (path.startsWith(engine + "/verify/")) {
      verify(path.substring(engine.length() + 8).split("/", -1), request, connection);
    } else {
      refuse(connection, 404, "no handler for route \"" + path + "\". route entry not found.");
    }
  }

  private void describe(String name, OutputStream connection) throws IOException {
    List<TestKeys> versions = keys.get(name);
    if (versions == null) {
      TestHttpServer.send(connection, 404, "{\"errors\":[]}".getBytes(StandardCharsets.UTF_8));
      return;
    }
    EcdsaScheme scheme = versions.get(0).algorithm();
    succeed(
        connection,
        json -> {
          json.bool("allow_plaintext_backup", false)
              .integer("auto_rotate_period", 0)
              .bool("deletion_allowed", false)
              .bool("derived", false)
              .bool("exportable", false)
              .object(
                  "keys",
                  all -> {
                    for (int i = 0; i < versions.size(); i++) {
                      TestKeys version = versions.get(i);
                      all.object(
                          Integer.toString(i + 1),
                          one ->
                              one.string("certificate_chain", "")
                                  .string("creation_time", "2026-11-27T00:00:00.123456789Z")
                                  .string("name", scheme.curve())
                                  .string("public_key", TestKeys.pem(version.publicKey())));
                    }
                  })
              .integer("latest_version", versions.size())
              .integer("min_available_version", 0)
              .integer("min_decryption_version", 1)
              .integer("min_encryption_version", 0)
              .string("name", name)
              .bool("supports_signing", true)
              .string("type", type(scheme));
        });
  }

  static String type(EcdsaScheme scheme) {
    return "ecdsa-" + scheme.curve().toLowerCase(java.util.Locale.ROOT).replace("-", "");
  }

  private static Map<String, String> members(Received request) throws MalformedJsonException {
    return JsonReader.read(
        "request",
        request.content(),
        100,
        reader -> {
          Map<String, String> members = new LinkedHashMap<>();
          reader.object(name -> {
            if (name.equals("prehashed")) {
              members.put(name, Boolean.toString(reader.bool()));
            } else if (name.equals("key_version")) {
              members.put(name, Long.toString(reader.int64()));
            } else {
              members.put(name, reader.string());
            }
          });
          return members;
        });
  }

  private void sign(String[] path, Received request, OutputStream connection)
      throws IOException, MalformedJsonException, GeneralSecurityException {
    List<TestKeys> versions = keys.get(path[0]);
    Map<String, String> members = members(request);
    int version = Integer.parseInt(members.getOrDefault("key_version", "0"));
    if (versions == null || version > versions.size()) {
      refuse(connection, 400, "signing key not found");
      return;
    }
    int number = version == 0 ? versions.size() : version;
    TestKeys key = versions.get(number - 1);
    byte[] input = Base64.getDecoder().decode(members.get("input"));
    // What was not hashed before is hashed here, as by the server: then the client's check fails.
    Signature signature =
        Signature.getInstance(
            "true".equals(members.get("prehashed"))
                ? "NONEwithECDSA"
                : path[1].replace("sha2-", "SHA") + "withECDSA");
    signature.initSign(key.privateKey());
    signature.update(input);
    String text = Base64.getEncoder().encodeToString(signature.sign());
    succeed(
        connection,
        json ->
            json.integer("key_version", number)
                .string("signature", "vault:v" + number + ":" + text));
  }

  private void verify(String[] path, Received request, OutputStream connection)
      throws IOException, MalformedJsonException, GeneralSecurityException {
    Map<String, String> members = members(request);
    String[] parts = members.get("signature").split(":", -1);
    TestKeys key = keys.get(path[0]).get(Integer.parseInt(parts[1].substring(1)) - 1);
    Signature signature = Signature.getInstance("NONEwithECDSA");
    signature.initVerify(key.publicKey());
    signature.update(Base64.getDecoder().decode(members.get("input")));
    boolean valid = signature.verify(Base64.getDecoder().decode(parts[2]));
    succeed(connection, json -> json.bool("valid", valid));
  }

  /** A successful answer in the form that all have. */
  static byte[] answerWith(JsonWriter.Content data) {
    return JsonWriter.document(json ->
        json.string("request_id", "7c5f3f0a-5b4c-8d2f-0000-000000000000")
            .string("lease_id", "")
            .bool("renewable", false)
            .integer("lease_duration", 0)
            .object("data", data)
            .raw("wrap_info", "null")
            .raw("warnings", "null")
            .raw("auth", "null")
            .string("mount_type", "transit"));
  }

  private static void succeed(OutputStream connection, JsonWriter.Content data) throws IOException {
    TestHttpServer.send(connection, 200, answerWith(data), "Content-Type: application/json");
  }

  private static void refuse(OutputStream connection, int status, String error) throws IOException {
    TestHttpServer.send(
        connection,
        status,
        JsonWriter.document(json -> json.array("errors", errors -> errors.string(error))),
        "Content-Type: application/json");
  }
}
