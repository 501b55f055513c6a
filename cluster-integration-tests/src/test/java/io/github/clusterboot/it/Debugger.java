package io.github.clusterboot.it;

import java.io.IOException;
import java.util.Map;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;

/**
 * Stops single threads of a JVM that was started with its debugging port open. They go on
 * when it is closed.
 *
 * @param machine the JVM
 */
record Debugger(VirtualMachine machine) implements AutoCloseable {

	/**
	 * Attach to a JVM on this machine.
	 * @param port its debugging port
	 * @return the debugger
	 * @throws IOException if nobody listens
	 */
	static Debugger attach(int port) throws IOException {
		AttachingConnector connector = Bootstrap.virtualMachineManager()
			.attachingConnectors()
			.stream()
			.filter((candidate) -> candidate.name().equals("com.sun.jdi.SocketAttach"))
			.findFirst()
			.orElseThrow();
		Map<String, Connector.Argument> arguments = connector.defaultArguments();
		arguments.get("hostname").setValue("127.0.0.1");
		arguments.get("port").setValue(String.valueOf(port));
		try {
			return new Debugger(connector.attach(arguments));
		}
		catch (IllegalConnectorArgumentsException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void suspend(String threadName) {
		this.machine.allThreads()
			.stream()
			.filter((thread) -> thread.name().equals(threadName))
			.findFirst()
			.ifPresentOrElse(ThreadReference::suspend, () -> {
				throw new AssertionError("No thread " + threadName);
			});
	}

	@Override
	public void close() {
		try {
			this.machine.dispose();
		}
		catch (VMDisconnectedException ex) {
			// it has ended
		}
	}

}
