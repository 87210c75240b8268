package dev.modelsigning.man;

import java.util.List;
import java.util.function.Predicate;

/**
 * The interface of a command besides its command line: environment variables, files and exit
 * statuses.
 *
 * @param names its names: variables, files, exit statuses
 * @param meaning its description, in sentences
 * @param concerns the pages that describe it
 */
record Surroundings(List<String> names, String meaning, Predicate<Page> concerns) {

  private static boolean all(Page unused) {
    return true;
  }

  private static boolean takesKeyUri(Page page) {
    return page.has("--private-key", "--pkcs11-uri", "--public-key");
  }

  private static boolean asksRegistries(Page page) {
    return page.has("--attach", "--pull", "--policy-digest") || page.typed().endsWith(" oci list");
  }

  private static boolean usesSigstore(Page page) {
    return page.has("--trust-repository");
  }

  private static boolean usesNetwork(Page page) {
    return page.has("--ca-file", "--tsa-url", "--revocation-check");
  }

  private static boolean makesSpans(Page page) {
    return page.typed().matches("\\S+( (sign|verify)( .*)?)?");
  }

  private static boolean signsIn(Page page) {
    return page.has("--use-ambient-credentials");
  }

  private static Surroundings of(Predicate<Page> concerns, String names, String meaning) {
    return new Surroundings(List.of(names.split(", ", -1)), meaning, concerns);
  }

  /** The variables. */
  static final List<Surroundings> VARIABLES =
      List.of(
          of(
              Surroundings::all,
              "MODEL_SIGNING_LOG_LEVEL",
              "How much to say where --log-level is not given: DEBUG, INFO, WARNING, ERROR or"
                  + " CRITICAL."),
          of(
              page -> page.has("--password-file"),
              "MODEL_SIGNING_PASSWORD",
              "The password of the private key where neither --password-file nor --password is"
                  + " given."),
          of(
              page -> page.has("--private-key", "--pkcs11-uri"),
              "PKCS11_PIN",
              "The PIN of the token where the URI names none. Without it a terminal is asked."),
          of(
              Surroundings::signsIn,
              "SIGSTORE_ID_TOKEN",
              "A token of an identity provider, in place of signing in. In GitLab CI also where"
                  + " --use-ambient-credentials finds the token of the job."),
          of(
              Surroundings::signsIn,
              "MODEL_SIGNING_CLIENT_SECRET",
              "The secret of this client, if the identity provider demands one and"
                  + " --client-secret is not given."),
          of(
              Surroundings::signsIn,
              "GITHUB_ACTIONS, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN,"
                  + " GOOGLE_SERVICE_ACCOUNT_NAME, BUILDKITE, GITLAB_CI, CIRCLECI",
              "Set by the build service or cloud that --use-ambient-credentials asks for an"
                  + " identity. Of Buildkite and CircleCI the program buildkite-agent or circleci is"
                  + " looked for in the absolute directories of PATH."),
          of(
              Surroundings::signsIn,
              "DISPLAY, WAYLAND_DISPLAY, BROWSER",
              "By DISPLAY or WAYLAND_DISPLAY it is known whether there is a desktop to open a"
                  + " browser on. These and BROWSER are passed on to the program that opens it."),
          of(
              Surroundings::usesNetwork,
              "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, https_proxy, http_proxy, all_proxy",
              "The proxy for https and for http addresses, and where there is none the one for"
                  + " both: http://USER:PASSWORD@HOST:PORT. The spelling in lower case counts first."
                  + " HTTP_PROXY does not count where REQUEST_METHOD says that this is a CGI"
                  + " program."),
          of(
              Surroundings::usesNetwork,
              "NO_PROXY, no_proxy",
              "Who is asked without a proxy, separated by commas: names of hosts with all below"
                  + " them, addresses, networks as in 10.0.0.0/8, and * for all."),
          of(
              Surroundings::usesNetwork,
              "SSL_CERT_FILE",
              "A PEM file with authorities that are trusted for TLS besides those of Java. They say"
                  + " nothing about signatures."),
          of(
              Surroundings::usesSigstore,
              "XDG_CACHE_HOME, HOME",
              "Below XDG_CACHE_HOME, else below .cache in HOME, is kept whom to trust. A relative"
                  + " path counts as none; without either nothing is kept."),
          of(
              Surroundings::takesKeyUri,
              "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR, HOME",
              "PKCS #11 modules, and p11-kit, read their configuration where these say. So none is"
                  + " loaded while one of them is a relative path."),
          of(
              Surroundings::asksRegistries,
              "REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR, XDG_CONFIG_HOME, HOME",
              "Where passwords for registries are looked for: only in the file that"
                  + " REGISTRY_AUTH_FILE names, or in config.json in the directory that DOCKER_CONFIG"
                  + " names; without both in containers/auth.json in XDG_RUNTIME_DIR or"
                  + " XDG_CONFIG_HOME, and in .docker/config.json in HOME."),
          of(
              Surroundings::takesKeyUri,
              "VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE, VAULT_CACERT, TRANSIT_SECRET_ENGINE_PATH",
              "For hashivault:// and openbao://: the address of the server, the token, the namespace,"
                  + " a file with the only authorities that are trusted for TLS, and where the engine"
                  + " transit is mounted. For openbao:// BAO_ in place of VAULT_ counts first."),
          of(
              Surroundings::takesKeyUri,
              "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE, AWS_REGION,"
                  + " AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_KMS, AWS_ENDPOINT_URL,"
                  + " AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, AWS_USE_FIPS_ENDPOINT,"
                  + " AWS_USE_DUALSTACK_ENDPOINT",
              "For awskms://: credentials, region and endpoint, as for other programs that use AWS."
                  + " An ARN has its region."),
          of(
              Surroundings::takesKeyUri,
              "MODEL_SIGNING_CLASSPATH",
              "Jars with providers of keys, absolute paths separated by colons. Name only jars that"
                  + " you trust."),
          of(
              Surroundings::makesSpans,
              "OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED, TRACEPARENT, TRACESTATE",
              "With OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED=true there is a span of OpenTelemetry, if"
                  + " MODEL_SIGNING_CLASSPATH has its SDK. It belongs to the trace that TRACEPARENT"
                  + " and TRACESTATE name."),
          of(
              Surroundings::all,
              "NO_COLOR, TERM",
              "There are no colours if NO_COLOR is set to something, or TERM to dumb."),
          of(
              Surroundings::all,
              "LC_ALL, LC_CTYPE, LANG",
              "No effect on the installed program, which always takes file names as UTF-8. For a"
                  + " jar they give the encoding; with another one, models with names beyond ASCII"
                  + " are refused."),
          of(
              Surroundings::all,
              "PATH, LD_LIBRARY_PATH",
              "Empty and relative elements are left out, as programs and libraries there may be"
                  + " somebody else's."),
          of(
              Surroundings::all,
              "JAVA_OPTS",
              "More options for the Java virtual machine, such as -Xmx4g, separated by spaces."),
          of(
              Surroundings::all,
              "JAVA_HOME, CLASSPATH, JDK_JAVA_OPTIONS, JAVA_TOOL_OPTIONS, _JAVA_OPTIONS",
              "No effect on the installed program, which has a Java of its own; the launcher of a"
                  + " checkout uses the Java of JAVA_HOME."));

  /** The files. */
  static final List<Surroundings> FILES =
      List.of(
          of(
              Surroundings::usesSigstore,
              "~/.cache/model-signing/tuf",
              "Whom to trust, as the instance's repository said last. It is verified each time that"
                  + " it is read, and can be deleted. See XDG_CACHE_HOME."),
          of(
              Surroundings::takesKeyUri,
              "~/.vault-token, ~/.aws/credentials, ~/.aws/config",
              "The token for Vault or OpenBao, where no variable has it; credentials and settings of"
                  + " AWS."),
          of(
              Surroundings::takesKeyUri,
              "~/.config/pkcs11/modules, /etc/pkcs11/modules, /usr/share/p11-kit/modules",
              "The PKCS #11 modules that p11-kit knows, of which a URI can name one. They count only"
                  + " if nobody but root and you can write to them."));

  /** The exit statuses. */
  static List<Surroundings> exitStatuses(Page page) {
    Predicate<Page> none = each -> false;
    List<String> meanings =
        switch (page.typed().replaceFirst("^\\S+ ?", "").replaceFirst(" .*", "")) {
          case "diff" ->
              List.of(
                  "Both are the same.",
                  "They are different.",
                  "They were not compared: a failure, or a wrong command line.");
          case "verify" ->
              List.of(
                  "The model is verified.",
                  "It is not, or that could not be found out.",
                  "The command line is wrong; nothing was verified.");
          case "sign" ->
              List.of(
                  "The model is signed.",
                  "It is not, or the result could not be printed.",
                  "The command line is wrong; nothing was signed.");
          case "" ->
              List.of(
                  "Success; of diff: both are the same.",
                  "Failure; of diff: they are different.",
                  "The command line is wrong; of diff: they were not compared.");
          default -> List.of("Success.", "Failure.", "The command line is wrong.");
        };
    return List.of(
        new Surroundings(List.of("0"), meanings.get(0), none),
        new Surroundings(List.of("1"), meanings.get(1), none),
        new Surroundings(List.of("2"), meanings.get(2), none),
        new Surroundings(
            List.of("more"),
            "The process was ended by a signal, or could not be started. Nothing follows from"
                + " that: ask for 0, and take everything else for a refusal.",
            none));
  }
}
