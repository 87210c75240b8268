package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The policy beside the webhook, with a real API server: the annotation stays as it is where the
 * webhook is not asked.
 */
@WithKubernetes
@OnOneJdk
class AnnotationPolicyIT {

  private static final String PODS = "/api/v1/namespaces/default/pods/";
  private static final String CONFIGURATION = "/apis/admissionregistration.k8s.io/v1/";
  private static final String NAMED = "model-signing.dev/models";
  private static final String DENIED =
      "the annotation model-signing.dev/models is set when a pod is created or updated";

  /** Another model. */
  private static final String CHANGE =
      "{\"metadata\":{\"annotations\":{\"" + NAMED + "\":\"r.example/other:1\"}}}";

  private static final String REMOVAL = "{\"metadata\":{\"annotations\":{\"" + NAMED + "\":null}}}";

  @TempDir private Path directory;

  private static void create(ApiServer cluster, String name, String metadata) throws Exception {
    cluster
        .createPod(
            """
            apiVersion: v1
            kind: Pod
            metadata: { name: %s%s }
            spec:
              containers:
                - { name: server, image: registry.example.com/server:1, resources: {requests: {cpu: 1}} }
            """
                .formatted(name, metadata),
            false)
        .succeeds();
  }

  private static ApiServer.Reply patch(ApiServer cluster, String path, String patch)
      throws IOException, InterruptedException {
    return cluster.send("PATCH", PODS + path, "application/strategic-merge-patch+json", patch);
  }

  private static ApiServer.Reply bind(
      ApiServer cluster, String path, String name, String annotations) throws Exception {
    return cluster.create(
        "/api/v1/namespaces/default/" + path,
        """
        apiVersion: v1
        kind: Binding
        metadata: { name: %s%s }
        target: { kind: Node, name: node }
        """
            .formatted(name, annotations));
  }

  /** Whether a pod has the annotation. Who manages its fields may name it, too. */
  private static boolean isAnnotated(ApiServer cluster, String pod) throws Exception {
    return cluster
        .send("GET", PODS + pod, "", "")
        .succeeds()
        .body()
        .contains("\"" + NAMED + "\":\"");
  }

  private static void createPolicy(ApiServer cluster) throws Exception {
    Path file =
        Path.of(System.getProperty("modelsigning.root")).resolve("examples/admission/webhook.yaml");
    int created = 0;
    for (String manifest : Files.readString(file).split("\n---\n", -1)) {
      if (manifest.contains("\nkind: ValidatingAdmissionPolicy\n")) {
        cluster.create(CONFIGURATION + "validatingadmissionpolicies", manifest).succeeds();
        created++;
      } else if (manifest.contains("\nkind: ValidatingAdmissionPolicyBinding\n")) {
        cluster.create(CONFIGURATION + "validatingadmissionpolicybindings", manifest).succeeds();
        created++;
      }
    }
    assertThat(created).isEqualTo(2);
    Watching.until(
        "the API server applies the policy",
        () -> {
          try {
            return patch(cluster, "plain/status?dryRun=All", CHANGE).status() == 422;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void keepsTheAnnotationAsItIs() throws Exception {
    try (ApiServer cluster = new ApiServer(directory.resolve("cluster"))) {
      String annotated = ", annotations: { " + NAMED + ": 'r.example/model:1' }";
      create(cluster, "plain", "");
      create(cluster, "named", annotated);
      create(cluster, "bound", "");
      create(cluster, "bound-as-before", ", annotations: { a: b }");
      create(cluster, "bound-named", annotated);
      // A change of resources takes nothing else along, so the policy need not be about it.
      patch(
              cluster,
              "plain/resize",
              CHANGE.substring(0, CHANGE.length() - 1)
                  + ",\"spec\":{\"containers\":[{\"name\":\"server\",\"resources\":"
                  + "{\"requests\":{\"cpu\":\"2\"}}}]}}")
          .succeeds();
      assertThat(isAnnotated(cluster, "plain")).isFalse();
      // This is what it is for.
      patch(cluster, "plain/status", CHANGE).succeeds();
      assertThat(isAnnotated(cluster, "plain")).isTrue();
      patch(cluster, "plain/status", REMOVAL).succeeds();

      createPolicy(cluster);

      for (String name : List.of("plain", "named")) {
        patch(cluster, name + "/status", CHANGE).fails(422, DENIED);
        // Whatever else is there, such as what kubelets do, goes on.
        patch(
                cluster,
                name + "/status",
                "{\"metadata\":{\"annotations\":{\"a\":\"c\"}},\"status\":{\"phase\":\"Running\","
                    + "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}")
            .succeeds();
        patch(cluster, name + "/status", "{\"status\":{\"phase\":\"Failed\"}}").succeeds();
      }
      patch(cluster, "named/status", REMOVAL).fails(422, DENIED);
      bind(cluster, "pods/bound/binding", "bound", annotated).fails(422, DENIED);
      bind(cluster, "bindings", "bound-as-before", annotated).fails(422, DENIED);
      bind(cluster, "pods/bound/binding", "bound", "").succeeds();
      bind(cluster, "bindings", "bound-as-before", ", annotations: { a: c }").succeeds();
      bind(cluster, "pods/bound-named/binding", "bound-named", "").succeeds();

      for (String name : List.of("plain", "bound", "bound-as-before")) {
        assertThat(isAnnotated(cluster, name)).as(name).isFalse();
      }
      for (String name : List.of("named", "bound-named")) {
        assertThat(isAnnotated(cluster, name)).as(name).isTrue();
      }
      // The webhook is asked about these, and about all that is said there.
      patch(cluster, "plain", CHANGE).succeeds();
    }
  }
}
