package dev.modelsigning.sigstore.identity;

import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.sigstore.identity.AmbientCredentials.Platform;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Makes sign-in use services on the loopback interface, for tests of other packages too. */
public final class TestSignIn {

  private TestSignIn() {}

  /**
   * The credentials of a platform that a test makes up.
   *
   * @param services the address of the services of Google Cloud
   * @param productName the file with the name of the machine's maker
   */
  public static AmbientCredentials credentials(
      Map<String, String> environment, String services, Path productName) {
    return AmbientCredentials.using(
        new Platform(
            environment,
            URI.create(services + "/metadata"),
            URI.create(services + "/iam"),
            productName,
            new CommandRunner(environment, Duration.ofSeconds(5))),
        impatient(),
        InteractiveSignIn.CLIENT_ID);
  }

  /** The same sign-in, which tries again soon and not for long. */
  public static InteractiveSignIn impatient(InteractiveSignIn signIn) {
    return signIn.withServiceClient(impatient());
  }

  private static ServiceClient impatient() {
    return ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(5));
  }
}
