package dev.modelsigning.sigstore;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The real Sigstore that {@code integration/sigstore/start} started. Tests are skipped where it is
 * not running.
 */
record LocalStack(Path state, Map<String, String> addresses) {

  /** The running stack; the test is skipped if there is none. */
  static LocalStack require() throws IOException {
    Path root = Path.of(System.getProperty("modelsigning.root", ".."));
    String named = System.getenv("MODEL_SIGNING_SIGSTORE");
    Path directory = named == null ? root.resolve(".cache/sigstore") : Path.of(named);
    Path environment = directory.resolve("state/env");
    assumeTrue(
        Files.exists(environment.resolveSibling("started"))
            || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_SIGSTORE")),
        "needs a running Sigstore; run: integration/sigstore/start .cache/sigstore");
    Map<String, String> addresses = new HashMap<>();
    for (String line : Files.readAllLines(environment)) {
      int equals = line.indexOf('=');
      addresses.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return new LocalStack(environment.resolveSibling(""), addresses);
  }

  Path file(String name) {
    return state.resolve(name);
  }

  String address(String name) {
    return addresses.get(name);
  }

  /** A token of one of the providers, without a browser. */
  String token(String provider, String query) throws IOException, InterruptedException {
    URI uri = URI.create(address(provider) + "/test/token?" + query);
    String json =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
            .body();
    return JsonParser.parseString(json).getAsJsonObject().get("value").getAsString();
  }

  /**
   * Plays the user in front of a browser, who signs in at an address and follows where that leads.
   *
   * @return the code that is shown at the end, if one is
   */
  String login(URI address, String email) throws IOException {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();
    try {
      HttpResponse<String> page =
          browser.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
      HttpRequest form =
          HttpRequest.newBuilder(page.uri())
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(parameter("email", email)))
              .build();
      String last = browser.send(form, BodyHandlers.ofString()).body();
      Matcher code = Pattern.compile("<code id=\"code\">([^<]+)<").matcher(last);
      return code.find() ? code.group(1) : "";
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  static String parameter(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
