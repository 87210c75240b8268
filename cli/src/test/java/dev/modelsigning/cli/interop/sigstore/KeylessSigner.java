package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Those for whom the identity providers of {@link SigstoreStack} vouch without a browser. */
enum KeylessSigner {
  PERSON("signer@example.com", "OIDC_URL", "identity"),
  WORKFLOW(
      "https://github.com/example/model/.github/workflows/release.yml@refs/tags/v1",
      "OIDC_WORKFLOW_URL",
      "uri");

  private static final Pattern TOKEN = Pattern.compile("\"value\":\\s*\"([^\"]+)\"");

  private final String identity;
  private final String provider;
  private final String parameter;

  KeylessSigner(String identity, String provider, String parameter) {
    this.identity = identity;
    this.provider = provider;
    this.parameter = parameter;
  }

  /** The name in the certificate. */
  String identity() {
    return identity;
  }

  /** Who vouches for it. */
  String issuer() {
    return SigstoreStack.address(provider).toString();
  }

  /** Where a build service would get a token. */
  String tokenAddress() {
    return issuer()
        + "/test/token?"
        + parameter
        + "="
        + URLEncoder.encode(identity, StandardCharsets.UTF_8);
  }

  /** A token for ten minutes. */
  String token() throws IOException, InterruptedException {
    return token("");
  }

  /**
   * A token.
   *
   * @param more what else it is to say, such as {@code &expires=-60}
   */
  String token(String more) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(tokenAddress() + more)).build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    Matcher token = TOKEN.matcher(answer.body());
    assertThat(token.find()).as(answer.body()).isTrue();
    return token.group(1);
  }
}
