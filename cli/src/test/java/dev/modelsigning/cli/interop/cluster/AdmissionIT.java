package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.Watching;
import dev.modelsigning.testing.WithOciPeers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real API server does with pods that name models. */
@WithKubernetes
@WithOciPeers
@OnOneJdk
class AdmissionIT {

  private static final String DENIED =
      "admission webhook \\\"models.model-signing.dev\\\" denied the request: ";

  @TempDir private static Path place;
  private static ApiServer cluster;
  private static ClusterScene scene;
  private static Webhook webhook;
  private static String signed;
  private static String unsigned;

  @BeforeAll
  static void start() throws Exception {
    cluster = new ApiServer(place.resolve("cluster"));
    scene = new ClusterScene(place.resolve("scene"));
    signed = scene.pushSigned("fraud/v3", "team");
    unsigned = scene.push("fraud/unsigned");
    // This one was there before the webhook.
    cluster.createPod(pod("earlier", unsigned), false).succeeds();
    webhook =
        new Webhook(
            place.resolve("webhook"),
            scene.options(
                "--registry", "127.0.0.1:1", "--client-ca", cluster.clientAuthority().toString()));
    cluster
        .create(
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: { name: tested }
            webhooks:
              - name: models.model-signing.dev
                clientConfig: { url: "%s", caBundle: %s }
                rules:
                  - apiGroups: [""]
                    apiVersions: [v1]
                    operations: [CREATE, UPDATE]
                    resources: [pods, pods/ephemeralcontainers]
                failurePolicy: Fail
                sideEffects: None
                admissionReviewVersions: [v1]
                timeoutSeconds: 10
            """
                .formatted(webhook.url(), webhook.authority()))
        .succeeds();
    Watching.until("the API server asks the webhook", () -> !isAdmitted(unsigned));
  }

  @AfterAll
  static void end() {
    if (webhook != null) {
      webhook.close();
    }
    if (scene != null) {
      scene.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static boolean isAdmitted(String model) {
    try {
      return cluster.createPod(pod("tried", model), true).status() == 201;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pod(String name, String model) {
    return ClusterScene.pod(name, scene.registry.reference(model));
  }

  private static ApiServer.Reply create(String name, String image) throws Exception {
    return cluster.createPod(ClusterScene.pod(name, image), false);
  }

  @Test
  void admitsAPodWithASignedModel() throws Exception {
    create("signed", scene.registry.reference(signed)).succeeds();
  }

  @Test
  void deniesAnUnsignedModel() throws Exception {
    create("unsigned", scene.registry.reference(unsigned))
        .fails(
            403,
            DENIED
                + "the volume 'model' of the container 'server': "
                + scene.registry.reference(unsigned)
                + ": the policy refuses it by the rule fraud/** in line 6: signed by team: no signature"
                + " by team verifies; ");
  }

  @Test
  void deniesAModelThatAStrangerSigned() throws Exception {
    String wrong = scene.pushSigned("fraud/wrong", "stranger");

    create("wrong", scene.registry.reference(wrong))
        .fails(403, DENIED, "fraud/wrong", "signed by team: ", "next: have team sign the model");
  }

  @Test
  void deniesAModelThatIsNamedByATag() throws Exception {
    create("tagged", scene.registry.reference("fraud/v3:1"))
        .fails(
            403,
            DENIED
                + "the volume 'model' of the container 'server': it is named by the tag 1, which may"
                + " lead elsewhere after it was verified; name it by its digest");
  }

  @Test
  void deniesAModelOfARegistryThatCannotBeReached() throws Exception {
    create("unreachable", "127.0.0.1:1/" + signed)
        .fails(
            503,
            DENIED,
            "127.0.0.1:1/fraud/v3",
            "there is no verdict: the registry of ",
            "cannot be reached");
  }

  @Test
  void deniesAModelOfARegistryThatMayNotBeAsked() throws Exception {
    create("elsewhere", "registry.attacker.example/" + signed)
        .fails(403, DENIED, "it is in none of the registries that may be asked", "--registry");
  }

  /** What pods can reach must not answer them. */
  @Test
  void answersNobodyButTheApiServer() throws Exception {
    assertThat(webhook.review("{}").statusCode()).isEqualTo(403);
    assertThat(webhook.page("/metrics").body())
        .contains("model_signing_admission_client_ca_current 1\n");
  }

  @Test
  void looksAtADryRunToo() throws Exception {
    cluster.createPod(pod("dry", unsigned), true).fails(403, DENIED);
    cluster.createPod(pod("dry", signed), true).succeeds();
  }

  @Test
  void deniesAContainerForDebuggingThatMountsAModelOfAnEarlierPod() throws Exception {
    String path = "/api/v1/namespaces/default/pods/earlier/ephemeralcontainers";
    String patch =
        """
        {"spec":{"ephemeralContainers":[{"name":"debug","image":"registry.example.com/shell:1",
        "volumeMounts":[{"name":"model","mountPath":"/model"}]}]}}
        """;

    cluster
        .send("PATCH", path, "application/strategic-merge-patch+json", patch)
        .fails(403, DENIED, "the ephemeral container 'debug'", "fraud/unsigned");
    cluster
        .send(
            "PATCH",
            path,
            "application/strategic-merge-patch+json",
            "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"debug\",\"image\":\"r.example/s:1\"}]}}")
        .succeeds();
  }

  /** Who removes a finalizer must not be kept from it by a policy that became stricter. */
  @Test
  void admitsChangesOfAnEarlierPodThatNameNoOtherModel() throws Exception {
    String path = "/api/v1/namespaces/default/pods/earlier";
    cluster
        .send(
            "PATCH",
            path,
            "application/merge-patch+json",
            "{\"metadata\":{\"labels\":{\"changed\":\"yes\"}}}")
        .succeeds();

    cluster
        .send(
            "PATCH",
            path,
            "application/merge-patch+json",
            "{\"metadata\":{\"annotations\":{\"model-signing.dev/models\":\"oci://"
                + scene.registry.reference(unsigned)
                + "\"}}}")
        .fails(403, DENIED, "the annotation model-signing.dev/models");
  }

  @Test
  void saysWhatItDid() throws Exception {
    create("counted", scene.registry.reference(signed)).succeeds();

    assertThat(webhook.log()).contains("\"object\":\"default/counted\",\"allowed\":true");
    assertThat(webhook.page("/metrics").body())
        .contains("model_signing_admission_reviews_total{result=\"allowed\"} ")
        .contains("model_signing_admission_policy_current 1\n");
  }

  /** The manifests of this project, as a server reads them that stores nothing. */
  @Test
  void takesTheManifests() throws Exception {
    Path examples = Path.of(System.getProperty("modelsigning.root")).resolve("examples");
    cluster
        .create(
            "/api/v1/namespaces",
            "{apiVersion: v1, kind: Namespace, metadata: {name: model-signing}}")
        .succeeds();
    List<Path> files = new ArrayList<>();
    for (String name : List.of("admission", "kubernetes")) {
      if (Files.isDirectory(examples.resolve(name))) {
        try (Stream<Path> found = Files.list(examples.resolve(name))) {
          files.addAll(found.filter(file -> file.toString().endsWith(".yaml")).toList());
        }
      }
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      for (String manifest : Files.readString(file).split("\n---\n", -1)) {
        cluster.tryManifest(manifest).succeeds();
      }
    }
  }

  /**
   * What a cluster asks with the webhook of the manifest: pods that name a model, and no others.
   */
  @Test
  void asksAboutPodsThatNameAModel() throws Exception {
    String manifest =
        Files.readString(
            Path.of(System.getProperty("modelsigning.root"))
                .resolve("examples/admission/webhook.yaml"));
    String hook =
        manifest
            .substring(manifest.lastIndexOf("---\n"))
            .replace("models.model-signing.dev", "conditions.model-signing.dev")
            .replaceAll("clientConfig: .*", "clientConfig: {url: \"https://127.0.0.1:1/validate\"}")
            .replace(
                "    rules:", "    namespaceSelector: {matchLabels: {only: this}}\n    rules:");
    cluster
        .create("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", hook)
        .succeeds();
    cluster
        .create(
            "/api/v1/namespaces",
            "{apiVersion: v1, kind: Namespace, metadata: {name: conditions, labels: {only: this}}}")
        .succeeds();
    String pods = "/api/v1/namespaces/conditions/pods?dryRun=All";
    String plain =
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: plain, annotations: { a: b } }
        spec:
          containers: [{ name: server, image: registry.example.com/server:1 }]
          volumes: [{ name: scratch, emptyDir: {} }]
        """;
    // Nobody answers for this webhook, so who is asked about is refused.
    Watching.until(
        "the API server asks",
        () -> {
          try {
            return cluster.create(pods, pod("named", signed)).status() == 500;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });

    cluster.create(pods, plain).succeeds();
    cluster
        .create(
            pods,
            plain.replace("a: b", "model-signing.dev/models: " + scene.registry.reference(signed)))
        .fails(500, "failed calling webhook");
  }
}
