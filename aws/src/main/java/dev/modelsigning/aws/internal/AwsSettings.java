package dev.modelsigning.aws.internal;

import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.UserDirectories;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** The region and the address of a service, by the environment. */
public final class AwsSettings {

  /** A region becomes a part of the name of the host. */
  private static final Pattern REGION = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

  private final AwsContext context;
  private final String advice;

  /**
   * Creates settings.
   *
   * @param context where they come from
   * @param advice how a region is named, for messages
   */
  public AwsSettings(AwsContext context, String advice) {
    this.context = context;
    this.advice = "; " + advice;
  }

  /**
   * The region: the one that was named, else that of {@code AWS_REGION} or {@code
   * AWS_DEFAULT_REGION}, else where the SDK looks for it.
   *
   * @throws IOException if it cannot be found out in time
   * @throws UnusableSettingException if there is none, or it cannot be one
   */
  public Region region(Optional<String> named) throws IOException, UnusableSettingException {
    Optional<String> known = named.or(this::ofEnvironment);
    String region = known.isPresent() ? known.get() : ofSdk();
    if (!REGION.matcher(region).matches()) {
      throw new UnusableSettingException(
          "expected a region such as eu-central-1, found " + Printable.quote(region) + advice);
    }
    return Region.of(region);
  }

  private Optional<String> ofEnvironment() {
    return context.variable("AWS_REGION").or(() -> context.variable("AWS_DEFAULT_REGION"));
  }

  /** The region of the profile, or of the instance, whose metadata may not answer. */
  private String ofSdk() throws IOException, UnusableSettingException {
    @Nullable Region found;
    try {
      found =
          InTime.result(
              () -> DefaultAwsRegionProviderChain.builder().build().getRegion(),
              context.timeout(),
              "the region of AWS is not known in time" + advice);
    } catch (SdkException e) {
      // What it says is about the classes that were asked, and of no use to whoever reads it.
      throw unknown();
    }
    if (found == null) {
      throw unknown();
    }
    return found.id();
  }

  private UnusableSettingException unknown() {
    return new UnusableSettingException(
        "the region of AWS is not known: no variable, no profile and no metadata of an instance"
            + " names it"
            + advice);
  }

  /**
   * The address that the environment names for a service: that of its own variable, else that for
   * all.
   *
   * @param own the name of its own variable
   */
  public Optional<URI> endpoint(String own) throws UnusableSettingException {
    for (String variable : List.of(own, "AWS_ENDPOINT_URL")) {
      Optional<String> text = context.variable(variable);
      if (text.isPresent()) {
        return Optional.of(address("the variable " + variable, text.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * Checks the address of a service: {@code https}, or {@code http} within this machine, and
   * nothing but a host and a port.
   *
   * @param from where it is from, for messages
   */
  public static URI address(String from, String text) throws UnusableSettingException {
    URI address;
    try {
      address = new URI(text.strip());
    } catch (URISyntaxException e) {
      // Without the cause, which shows the text, and that may contain a password.
      throw unusable(from, "one that is damaged at character " + (e.getIndex() + 1));
    }
    boolean plain = "http".equalsIgnoreCase(address.getScheme());
    if (text.isBlank()) {
      throw unusable(from, "nothing");
    }
    if (!plain && !"https".equalsIgnoreCase(address.getScheme())) {
      throw unusable(from, "one that begins neither with https:// nor with http://");
    }
    if (address.getHost() == null) {
      throw unusable(
          from, "one without a host, or with a host whose name cannot be one (an underscore?)");
    }
    if (address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null
        || !(address.getRawPath().isEmpty() || address.getRawPath().equals("/"))) {
      throw unusable(from, "one with more than a host and a port");
    }
    if (plain && !ServiceClient.isHere(address)) {
      throw unusable(
          from,
          "http to another machine, where credentials and content would go unprotected; use https,"
              + " or a tunnel to this machine");
    }
    return address;
  }

  private static UnusableSettingException unusable(String from, String found) {
    return new UnusableSettingException(
        from + ": expected an address such as https://host:port, found " + found);
  }

  /** The configuration files, which may have credentials. */
  public List<Path> files() {
    Optional<Path> home = UserDirectories.of(context.environment()).home();
    return Stream.of(
            UserDirectories.absolute(context.variable("AWS_SHARED_CREDENTIALS_FILE").orElse(null))
                .or(() -> home.map(path -> path.resolve(".aws/credentials"))),
            UserDirectories.absolute(context.variable("AWS_CONFIG_FILE").orElse(null))
                .or(() -> home.map(path -> path.resolve(".aws/config"))))
        .flatMap(Optional::stream)
        .toList();
  }
}
