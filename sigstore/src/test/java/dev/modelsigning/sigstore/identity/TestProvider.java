package dev.modelsigning.sigstore.identity;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.sigstore.TestServices;
import dev.modelsigning.sigstore.internal.data.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An identity provider on the loopback interface that lets everybody sign in. */
final class TestProvider implements AutoCloseable {

  static final String CODE = "the-code";

  private final HttpServer server;
  private volatile Map<String, String> authorization = Map.of();
  volatile Map<String, String> exchange = Map.of();
  volatile Optional<String> clientAuthorization = Optional.empty();

  /** What the provider claims to be, and what its token has as nonce, if not what is right. */
  volatile Optional<String> issuer = Optional.empty();

  volatile Optional<String> nonce = Optional.empty();

  /** Other fields of what the provider says of itself, by their names. */
  final Map<String, String> endpoints = new ConcurrentHashMap<>();

  /** The refusal of a request for a token, if not the usual one. */
  volatile String refusal = "{\"error\":\"invalid_grant\"}";

  /** The answer to a request for a token, if not a token. */
  volatile Optional<String> tokenAnswer = Optional.empty();

  TestProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/.well-known/openid-configuration", this::metadata);
    server.createContext("/token", this::token);
    server.start();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Signs in, and says where the browser is sent. */
  URI authorize(URI address) {
    authorization = parameters(address.getRawQuery());
    String redirect = authorization.get("redirect_uri");
    return URI.create(redirect + "?code=" + CODE + "&state=" + authorization.get("state"));
  }

  String requested(String parameter) {
    return authorization.get(parameter);
  }

  private void metadata(HttpExchange call) throws IOException {
    String json =
        "{\"issuer\":\""
            + issuer.orElse(address().toString())
            + "\",\"authorization_endpoint\":\""
            + endpoints.getOrDefault("authorization_endpoint", address() + "/authorize")
            + "\",\"token_endpoint\":\""
            + endpoints.getOrDefault("token_endpoint", address() + "/token")
            + "\",\"claims_supported\":[]}";
    TestServices.answer(call, 200, json.getBytes(StandardCharsets.UTF_8));
  }

  private void token(HttpExchange call) throws IOException {
    clientAuthorization = Optional.ofNullable(call.getRequestHeaders().getFirst("Authorization"));
    exchange = parameters(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String challenge =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                Sha256.newDigest()
                    .digest(exchange.get("code_verifier").getBytes(StandardCharsets.US_ASCII)));
    boolean right =
        CODE.equals(exchange.get("code"))
            && challenge.equals(requested("code_challenge"))
            && exchange.get("redirect_uri").equals(requested("redirect_uri"));
    if (!right) {
      TestServices.answering(400, refusal).handle(call);
      return;
    }
    String token =
        TestServices.token(
            Instant.now().plusSeconds(60),
            ",\"email\":\"alice@example.com\",\"nonce\":\""
                + nonce.orElse(requested("nonce"))
                + "\"");
    String json = tokenAnswer.orElse("{\"access_token\":\"x\",\"id_token\":\"" + token + "\"}");
    TestServices.answer(call, 200, json.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> result = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      result.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return result;
  }
}
