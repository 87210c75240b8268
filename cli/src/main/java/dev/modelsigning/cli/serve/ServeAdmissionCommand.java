package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.admission.Admission;
import dev.modelsigning.cli.admission.Verdicts;
import dev.modelsigning.cli.command.LargeBlocks;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.policy.PolicyFileArguments;
import dev.modelsigning.cli.serve.AdmissionArguments.Settings;
import dev.modelsigning.cli.serve.Reloaded.UnusableFilesException;
import dev.modelsigning.cli.trust.NetworkArguments;
import dev.modelsigning.oci.AnswerBudget;
import dev.modelsigning.oci.RegistryAccess;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Answers the API server of Kubernetes whether pods are admitted. */
@Command(
    name = "admission",
    description = {
      "Answer the API server of Kubernetes whether pods may be created: a validating admission"
          + " webhook. Each model that a pod names, by an image volume or in the annotation"
          + " model-signing.dev/models, must be accepted by the policy.",
      "A model is named by its digest, in a registry that --registry names. The verdict is made from"
          + " its manifest and the signatures that refer to it; nothing of the model is read."
    },
    footer = {
      "",
      "The server runs until it is told to end (SIGTERM). What happens is printed as lines of JSON.",
      "",
      "Example:",
      "  model-signing serve admission --policy policy.yaml \\",
      "      --tls-cert tls.crt --tls-key tls.key --listen 0.0.0.0:8443 \\",
      "      --status-listen 0.0.0.0:8080 --registry registry.bank.example"
    })
final class ServeAdmissionCommand implements Task {

  /** For a policy whose trust is that of a public instance, or changes without a file. */
  private static final Duration POLICY_AGE = Duration.ofHours(1);

  /** Credentials in files and from helpers change that nobody tells us of. */
  private static final Duration ACCESS_AGE = Duration.ofMinutes(5);

  /** The cluster goes on to send reviews for a moment after it knows that this server ends. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  /** Of all bundles that refer to one model. */
  private static final long MOST_BYTES = 8L * 1024 * 1024;

  /** What a model takes of the memory that has so many, while it is looked at. */
  private static final long MEMORY_OF_LARGE = 96L * 1024 * 1024;

  private static final int MOST_KEPT = 10_000;
  private static final int THREADS_PER_REGISTRY = 8;
  private static final int QUEUE_PER_REGISTRY = 1_000;

  @Spec private CommandSpec spec;

  @Mixin private PolicyFileArguments policyFiles = new PolicyFileArguments();

  @Mixin private AdmissionArguments arguments = new AdmissionArguments();

  @Mixin private NetworkArguments network = new NetworkArguments();

  @Override
  public Integer call() throws IOException, UnusableTrustException, InterruptedException {
    Output output = Program.of(spec).output(false);
    policyFiles.requireUsage(spec);
    Settings settings = arguments.settings(spec);
    network.apply(spec);
    LargeBlocks.use();
    serve(settings, new Records(output, Clock.systemUTC()));
    return ExitCode.OK;
  }

  private void serve(Settings settings, Records records) throws IOException, InterruptedException {
    Reloaded<LoadedPolicy> policy;
    Reloaded<TlsIdentity> identity;
    Optional<Reloaded<ClientAuthority>> clients;
    try {
      policy =
          new Reloaded<>(
              "policy",
              new PolicyContents(policyFiles),
              () -> LoadedPolicy.of(policyFiles, settings.keep()),
              POLICY_AGE,
              records,
              Clock.systemUTC());
      List<Path> tls = List.of(settings.certificate(), settings.key());
      identity =
          new Reloaded<>(
              "certificate",
              () -> Contents.of(tls),
              () -> TlsIdentity.of(settings.certificate(), settings.key(), Clock.systemUTC()),
              Duration.ofDays(365),
              records,
              Clock.systemUTC());
      clients = clients(settings, records);
    } catch (UnusableFilesException e) {
      throw new IOException(e.getMessage(), e);
    }
    AnswerBudget budget =
        new AnswerBudget(
            MOST_BYTES,
            (int) Math.max(1, Math.min(100, Runtime.getRuntime().maxMemory() / MEMORY_OF_LARGE)));
    Supplier<RegistryAccess> open =
        () -> RegistryAccess.of(Program.of(spec).environment(), settings.others(), budget);
    AtomicReference<RegistryAccess> access = new AtomicReference<>(open.get());
    Verdicts verdicts =
        new Verdicts(
            new RegistryJudge(policy::get, access::get),
            new Verdicts.Limits(
                MOST_KEPT,
                settings.keep(),
                settings.keepRefused(),
                Span.inside(settings.timeout()),
                THREADS_PER_REGISTRY,
                QUEUE_PER_REGISTRY),
            records::defect);
    Metrics metrics = metrics(policy, identity, verdicts);
    clients.ifPresent(authority ->
        metrics.gauge(
            "client_ca_current",
            "1 if the authority of clients is that of the file, 0 if this cannot be used.",
            () -> authority.isCurrent() ? 1 : 0));
    Optional<Supplier<ClientAuthority>> accepted = clients.map(authority -> authority::get);
    ScheduledExecutorService refreshing =
        Executors.newSingleThreadScheduledExecutor(work -> {
          Thread thread = new Thread(work, "admission-refresh");
          thread.setDaemon(true);
          return thread;
        });
    try (verdicts;
        AdmissionServer server =
            new AdmissionServer(
                settings.listen(),
                settings.status(),
                tls(identity::get, accepted),
                accepted,
                new Admission(settings.registries(), verdicts),
                () -> policy.get().digest(),
                settings.timeout(),
                metrics,
                records)) {
      repeat(refreshing, settings.reload(), policy::refresh, records);
      repeat(refreshing, settings.reload(), identity::refresh, records);
      clients.ifPresent(
          authority -> repeat(refreshing, settings.reload(), authority::refresh, records));
      repeat(refreshing, ACCESS_AGE, () -> access.set(open.get()), records);
      server.start();
      records.info(
          "listening",
          "reviews at https://"
              + shown(server.address())
              + AdmissionServer.PATH
              + ", metrics at "
              + (settings.status().isPresent() ? "http" : "https")
              + "://"
              + shown(server.statusAddress())
              + "/metrics, policy "
              + policy.get().digest());
      if (settings.registries().hosts().isEmpty()) {
        records.error(
            "no-registry",
            "no registry may be asked, so every model is refused; name registries by --registry");
      }
      untilTold(server, records);
    } finally {
      refreshing.shutdownNow();
    }
  }

  private static String shown(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  private static void repeat(
      ScheduledExecutorService executor, Duration every, Runnable work, Records records) {
    ScheduledFuture<?> unused =
        executor.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                records.defect(e); // and go on: without that, it would never be done again
              }
            },
            every.toMillis(),
            every.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Waits until the process is to end, and ends the server first. */
  private static void untilTold(AdmissionServer server, Records records)
      throws InterruptedException {
    Thread ending =
        new Thread(() -> {
          records.info("ending", "no reviews are taken any more in " + GRACE.toSeconds() + " s");
          try {
            server.end(GRACE);
            records.info("ended", "all reviews were answered");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      new CountDownLatch(1).await();
    } finally {
      removeHook(ending);
    }
  }

  private static void removeHook(Thread ending) {
    try {
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException e) {
      // The process ends, which is what the hook is for.
      return;
    }
  }

  private static Optional<Reloaded<ClientAuthority>> clients(Settings settings, Records records)
      throws UnusableFilesException {
    if (settings.clientAuthority().isEmpty()) {
      return Optional.empty();
    }
    Path file = settings.clientAuthority().get();
    return Optional.of(
        new Reloaded<>(
            "client-ca",
            () -> Contents.of(List.of(file)),
            () -> ClientAuthority.of(file),
            Duration.ofDays(365),
            records,
            Clock.systemUTC()));
  }

  private static SSLContext tls(
      Supplier<TlsIdentity> identity, Optional<Supplier<ClientAuthority>> clients)
      throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {new ServerKeyManager(identity)},
          clients.map(current -> new TrustManager[] {ClientAuthority.trust(current)}).orElse(null),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no TLS: " + e.getMessage(), e);
    }
  }

  private static Metrics metrics(
      Reloaded<LoadedPolicy> policy, Reloaded<TlsIdentity> identity, Verdicts verdicts) {
    Metrics metrics = new Metrics();
    metrics.gauge("verdicts_pending", "Verdicts that are being made.", verdicts::pending);
    metrics.gauge("verdicts_kept", "Verdicts that are kept.", verdicts::size);
    metrics.total("verdicts_reused_total", "Verdicts that were used again.", verdicts::hits);
    metrics.gauge(
        "policy_current",
        "1 if the policy is that of the files, 0 if these cannot be used.",
        () -> policy.isCurrent() ? 1 : 0);
    metrics.total("policy_loads_total", "How often the policy was loaded.", policy::loads);
    metrics.total("policy_load_failures_total", "How often that failed.", policy::failures);
    metrics.gauge(
        "certificate_current",
        "1 if the certificate is that of the files, 0 if these cannot be used.",
        () -> identity.isCurrent() ? 1 : 0);
    metrics.total("certificate_loads_total", "How often it was loaded.", identity::loads);
    metrics.total("certificate_load_failures_total", "How often that failed.", identity::failures);
    metrics.gauge(
        "certificate_end_seconds",
        "When the certificate expires, in seconds since 1970.",
        () -> seconds(identity.get().end()));
    return metrics;
  }

  private static long seconds(Instant time) {
    return time.getEpochSecond();
  }

  @Override
  public String failure() {
    return "Serving failed with error";
  }
}
