package dev.modelsigning.cli.trace;

import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.opentelemetry.ModelSpan;
import dev.modelsigning.opentelemetry.ModelTracing;
import dev.modelsigning.report.Verdict;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The span of a command that signs or verifies, in the trace that {@code TRACEPARENT} and {@code
 * TRACESTATE} name. Whatever becomes of it changes no verdict.
 */
public final class CommandSpan {

  private CommandSpan() {}

  /**
   * Runs a command, in a span if it signs or verifies.
   *
   * @param command the command, with its arguments
   * @param run runs it; its failures are passed on as they are
   * @return what {@code run} returns
   */
  public static int run(
      CommandSpec command, Map<String, String> environment, Output output, IntSupplier run) {
    ModelSpan span = begin(command, environment, output);
    if (span == null) {
      return run.getAsInt();
    }
    try {
      int status = run.getAsInt();
      attempt(() -> end(span, command, status), output);
      return status;
    } catch (RuntimeException | Error e) {
      attempt(() -> fail(span, command, e), output);
      throw e;
    } finally {
      attempt(span::close, output);
    }
  }

  private static void fail(ModelSpan span, CommandSpec command, Throwable e) {
    if (isVerification(command)) {
      span.result(false);
    }
    if (e instanceof ParameterException) {
      span.failed(ProgramRules.WRONG_USAGE.code());
    } else if (e instanceof OutOfMemoryError) {
      span.failed(ProgramRules.OUT_OF_MEMORY.code());
    } else {
      span.failed(e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e);
    }
  }

  /** Does something with a span, which is code of others: their failures change no verdict. */
  private static void attempt(Runnable step, Output output) {
    try {
      step.run();
    } catch (RuntimeException | LinkageError e) {
      warn(e, output);
    }
  }

  private static void warn(Throwable e, Output output) {
    // Such as of an SDK of another version. Its message may have addresses with passwords.
    output.warning("there are no spans for OpenTelemetry: " + e.getClass().getName());
  }

  private static void end(ModelSpan span, CommandSpec command, int status) {
    if (isVerification(command) && command.userObject() instanceof Task task) {
      span.result(status == ExitCode.OK && task.isVerified());
      task.verdict().flatMap(Verdict::verified).ifPresent(span::verified);
    }
  }

  private static @Nullable ModelSpan begin(
      CommandSpec command, Map<String, String> environment, Output output) {
    CommandSpec group = command.parent();
    if (group == null || !(isVerification(command) || group.name().equals("sign"))) {
      return null;
    }
    try {
      return ModelTracing.global()
          .command(
              isVerification(command) ? ModelTracing.VERIFY : ModelTracing.SIGN,
              group.name() + " " + command.name(),
              environment);
    } catch (RuntimeException | LinkageError e) {
      warn(e, output);
      return null;
    }
  }

  private static boolean isVerification(CommandSpec command) {
    return command.parent() != null && command.parent().name().equals("verify");
  }
}
