package dev.modelsigning.aws.internal;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Sends the requests of the SDK by our client: with its proxies, TLS trust anchors, time-outs and
 * limits, to the one address that verdicts name, and without following redirects.
 */
public final class ServiceHttp implements SdkHttpClient {

  /** A list of a thousand long names has some megabytes; other answers have a few kilobytes. */
  private static final int MAX_ANSWER = 16 * 1024 * 1024;

  /** What the JDK's client sets itself. */
  private static final Set<String> OWN =
      Set.of("host", "content-length", "expect", "connection", "user-agent", "transfer-encoding");

  /** What the SDK reads of an answer, and we do. */
  private static final List<String> READ =
      List.of(
          "Content-Type",
          "Date",
          "x-amzn-ErrorType",
          "x-amzn-RequestId",
          "Content-Length",
          "Content-Range",
          "ETag",
          "Last-Modified",
          "x-amz-bucket-region",
          "x-amz-checksum-sha256",
          "x-amz-checksum-type",
          "x-amz-request-id",
          "x-amz-restore",
          "x-amz-storage-class",
          "x-amz-version-id");

  /** What stands between the name of the scheme, the credentials and the signature. */
  private static final Pattern PARTS = Pattern.compile("[ ,]+");

  /** A body is read while it arrives if hardly anything of it comes in this time. */
  private static final Duration STALL = Duration.ofSeconds(30);

  private final String service;
  private final ServiceClient client;
  private final URI endpoint;

  /** The last answer, which knows the secrets of its request. */
  private volatile @Nullable Answer last;

  /** A failure of our client, whose messages have no secrets; the cause is the failure itself. */
  public static final class Failed extends IOException {

    private static final long serialVersionUID = 1L;

    private final IOException failure;

    private Failed(IOException failure) {
      super(failure.getMessage(), failure);
      this.failure = failure;
    }

    /** The failure as it was. */
    public IOException failure() {
      return failure;
    }
  }

  /**
   * Creates a client.
   *
   * @param service the name of the service in messages
   * @param endpoint the only address that is asked
   * @param timeout the time-out of one attempt; of one that is streamed, until its answer begins
   */
  public ServiceHttp(String service, URI endpoint, Duration timeout) {
    this.service = service;
    this.client = ServiceClient.with(timeout, Duration.ofMillis(500));
    this.endpoint = endpoint;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest prepared) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        try {
          return send(prepared);
        } catch (IOException e) {
          throw new Failed(e);
        }
      }

      // The caller is interrupted, too, which ends the request.
      @Override
      public void abort() {}
    };
  }

  private HttpExecuteResponse send(HttpExecuteRequest prepared) throws IOException {
    SdkHttpRequest asked = prepared.httpRequest();
    byte[] content = new byte[0];
    if (prepared.contentStreamProvider().isPresent()) {
      try (InputStream stream = prepared.contentStreamProvider().get().newStream()) {
        content = stream.readAllBytes();
      }
    }
    Answer answer = send(asked, content, false);
    XmlLimits.require(answer);
    SdkHttpResponse.Builder response = SdkHttpResponse.builder().statusCode(answer.status());
    for (String name : READ) {
      answer.header(name).ifPresent(value -> response.putHeader(name, value));
    }
    return HttpExecuteResponse.builder()
        .response(response.build())
        .responseBody(body(answer))
        .build();
  }

  /**
   * Asks for content without the SDK.
   *
   * @param signed a GET request that the SDK has signed, with the header {@code If-Match}
   * @param large whether the content is so long that a connection of its own is worth it
   * @return the response, with any status; if that is a success, its body is read while it arrives
   * @throws IOException if there is no response
   */
  public Answer content(SdkHttpRequest signed, boolean large) throws IOException {
    return send(signed, new byte[0], large);
  }

  private Answer send(SdkHttpRequest asked, byte[] content, boolean large) throws IOException {
    URI address = asked.getUri();
    if (!Request.isSameOrigin(endpoint, address)) {
      throw new IOException(
          service
              + ": the SDK would ask "
              + ServiceClient.show(address)
              + ", expected "
              + ServiceClient.show(endpoint)
              + "; name the endpoint that is meant");
    }
    Request request = request(asked, address, content);
    Answer answer = client.send(large ? request.overOwnConnection() : request);
    last = answer;
    return answer;
  }

  private static AbortableInputStream body(Answer answer) {
    if (answer.body().isEmpty()) {
      return AbortableInputStream.create(new ByteArrayInputStream(answer.content()));
    }
    ReadableByteChannel channel = answer.body().get();
    InputStream stream = Channels.newInputStream(channel);
    return AbortableInputStream.create(
        stream,
        () -> {
          try {
            channel.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Only content is asked for under the condition that it is still the one that was found. */
  private static boolean isContent(SdkHttpRequest asked) {
    return asked.method() == SdkHttpMethod.GET && asked.firstMatchingHeader("If-Match").isPresent();
  }

  /**
   * Removes the secrets of the last request from what the service said: it may send them back, and
   * AWS does so where a signature does not match.
   */
  public String withoutSecrets(@Nullable String said) {
    Answer answer = last;
    String text = String.valueOf(said);
    return answer == null ? text : answer.withoutSecrets(text);
  }

  /** Sent once, as the SDK itself repeats requests. */
  private Request request(SdkHttpRequest asked, URI address, byte[] content) {
    Request.Body body =
        new Request.Body() {
          @Override
          public long length() {
            return content.length;
          }

          @Override
          public InputStream open() {
            return new ByteArrayInputStream(content);
          }
        };
    Request request =
        switch (asked.method()) {
          case GET -> Request.get(service, address).sentOnce();
          case HEAD -> Request.head(service, address).sentOnce();
          default -> Request.streamed(service, asked.method().name(), address, body);
        };
    request = request.withPlainHttpOnlyHere().withMaxLength(MAX_ANSWER);
    if (isContent(asked)) {
      request = request.withStreamedAnswer(STALL);
    }
    for (Map.Entry<String, List<String>> header : asked.headers().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (OWN.contains(name)) {
        continue;
      }
      String value = String.join(",", header.getValue());
      request = request.withHeader(name, value);
      if (name.equals("x-amz-security-token")) {
        request = request.withSecrets(value);
      }
      if (name.equals("authorization")) {
        request =
            request.withSecrets(
                PARTS
                    .splitAsStream(value)
                    .filter(part -> part.startsWith("Credential=") || part.startsWith("Signature="))
                    .map(part -> part.substring(part.indexOf('=') + 1))
                    .toArray(String[]::new));
      }
    }
    return request;
  }

  @Override
  public String clientName() {
    return "model-signing";
  }

  @Override
  public void close() {}
}
