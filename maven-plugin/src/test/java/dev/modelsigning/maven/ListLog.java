package dev.modelsigning.maven;

import java.util.ArrayList;
import java.util.List;
import org.apache.maven.monitor.logging.DefaultLog;
import org.codehaus.plexus.logging.AbstractLogger;
import org.codehaus.plexus.logging.Logger;

/** Collects log output. */
public final class ListLog extends DefaultLog {

  private final List<String> lines;

  /** An empty log with all levels enabled. */
  public ListLog() {
    this(new ArrayList<>());
  }

  private ListLog(List<String> lines) {
    super(new Lines(lines));
    this.lines = lines;
  }

  /** The lines, each prefixed by its level. */
  public List<String> lines() {
    return lines;
  }

  private static final class Lines extends AbstractLogger {

    private final List<String> lines;

    Lines(List<String> lines) {
      super(Logger.LEVEL_DEBUG, "lines");
      this.lines = lines;
    }

    @Override
    public void debug(String message, Throwable cause) {
      lines.add("debug " + message);
    }

    @Override
    public void info(String message, Throwable cause) {
      lines.add("info " + message);
    }

    @Override
    public void warn(String message, Throwable cause) {
      lines.add("warn " + message);
    }

    @Override
    public void error(String message, Throwable cause) {
      lines.add("error " + message);
    }

    @Override
    public void fatalError(String message, Throwable cause) {
      lines.add("fatal " + message);
    }

    @Override
    public Logger getChildLogger(String name) {
      return this;
    }
  }
}
