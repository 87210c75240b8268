package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.admission.Registries;
import dev.modelsigning.cli.command.WrongUsage;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where the webhook listens, what it asks, and for how long. */
final class AdmissionArguments {

  /** The API server waits no longer for any webhook. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      required = true,
      description =
          "The certificate of this server, in PEM, with those of authorities behind it. Read again"
              + " when it changes.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      required = true,
      description = "The private key of that certificate, in PEM, without a password.")
  private @Nullable Path key;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description =
          "The authority, in PEM, of which the API server has a certificate as a client. Reviews of"
              + " others are refused. Default: reviews of all are answered.")
  private @Nullable Path clientAuthority;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      required = true,
      description = "Where the API server asks, by HTTPS and the path /validate.")
  private String listen = "";

  @Option(
      names = "--status-listen",
      paramLabel = "HOST:PORT",
      description =
          "Where /healthz, /readyz and /metrics are, by plain HTTP. Default: where reviews are.")
  private @Nullable String status;

  @Option(
      names = "--registry",
      paramLabel = "HOST",
      description =
          "A registry whose models may be asked for, with the credentials that are here, as"
              + " HOST[:PORT], or the part of it below HOST[:PORT]/REPOSITORY. Can be repeated."
              + " Default: none, so every model is refused.")
  private List<String> registries = new ArrayList<>();

  @Option(
      names = "--registry-host",
      paramLabel = "HOST",
      description =
          "A host to which these registries may send us, as HOST[:PORT]: a token server, or a store"
              + " of blobs. Can be repeated. Default: none but themselves.")
  private List<String> others = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "The longest time for an answer, at most 30s; less if the webhook's own is shorter."
              + " Default: 10s.")
  private String timeout = "10s";

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      description =
          "How long a model that was accepted is accepted without being asked for again, unless the"
              + " policy changes. Default: 1m.")
  private String keep = "1m";

  @Option(
      names = "--keep-refused",
      paramLabel = "TIME",
      description = "How long a model that was refused is refused. Default: 10s.")
  private String keepRefused = "10s";

  @Option(
      names = "--reload",
      paramLabel = "TIME",
      description =
          "How often policy, keys and certificates are read, to notice changes. Default: 10s.")
  private String reload = "10s";

  /** What the arguments say. */
  record Settings(
      Path certificate,
      Path key,
      Optional<Path> clientAuthority,
      InetSocketAddress listen,
      Optional<InetSocketAddress> status,
      Registries registries,
      Set<String> others,
      Duration timeout,
      Duration keep,
      Duration keepRefused,
      Duration reload) {}

  /** Reads the arguments; what cannot be used is wrong usage. */
  Settings settings(CommandSpec command) {
    try {
      return new Settings(
          Objects.requireNonNull(certificate),
          Objects.requireNonNull(key),
          Optional.ofNullable(clientAuthority),
          address("--listen", listen),
          Optional.ofNullable(status).map(text -> address("--status-listen", text)),
          registries(),
          hosts(),
          time("--timeout", timeout, SHORTEST, LONGEST),
          time("--keep", keep, Duration.ZERO, Duration.ofHours(1)),
          time("--keep-refused", keepRefused, Duration.ZERO, Duration.ofHours(1)),
          time("--reload", reload, Duration.ofMillis(100), Duration.ofHours(1)));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, String.valueOf(e.getMessage()), e);
    }
  }

  private Registries registries() {
    try {
      return Registries.of(registries);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--registry: " + e.getMessage(), e);
    }
  }

  private static InetSocketAddress address(String option, String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean isPort = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= MAX_PORT;
    boolean isHost =
        host.isEmpty()
            || (host.startsWith("[") == host.endsWith("]") && authority(host).isPresent());
    if (colon < 0 || !isPort || !isHost) {
      throw new IllegalArgumentException(
          option + ": expected HOST:PORT, as in 127.0.0.1:8443 and [::]:8443");
    }
    InetSocketAddress address =
        host.isEmpty()
            ? new InetSocketAddress(Integer.parseInt(port))
            : new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), Integer.parseInt(port));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(option + ": this host has no address");
    }
    return address;
  }

  private Set<String> hosts() {
    Set<String> hosts = new TreeSet<>();
    for (String text : others) {
      hosts.add(
          authority(text)
              .orElseThrow(
                  () -> new IllegalArgumentException("--registry-host: expected HOST[:PORT]")));
    }
    return hosts;
  }

  /** A host with or without a port, in lower case; empty if it is anything else. */
  private static Optional<String> authority(String text) {
    try {
      URI address = new URI("https://" + text.toLowerCase(Locale.ROOT) + "/");
      return address.getHost() != null
              && address.getRawUserInfo() == null
              && "/".equals(address.getRawPath())
              && address.getRawQuery() == null
              && address.getRawFragment() == null
          ? Optional.of(address.getRawAuthority())
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Duration time(String option, String text, Duration least, Duration most) {
    return Span.parse(text)
        .filter(time -> time.compareTo(least) >= 0 && time.compareTo(most) <= 0)
        .orElseThrow(() ->
            new IllegalArgumentException(
                option
                    + ": expected a time as in 10s, 500ms and 1m30s, from "
                    + shown(least)
                    + " to "
                    + shown(most)));
  }

  private static String shown(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }
}
