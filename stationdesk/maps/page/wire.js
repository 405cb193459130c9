// The line to the program: what it is told (`say`), and what it tells us (`told`). Both are JSON.
stationdesk.wire = function wire() {
  const desk = this;
  let program = null;

  desk.say = (event, values) => {
    program?.say(JSON.stringify({ event, ...values }));
  };

  // Painted means: two frames later, when the picture is on the screen.
  let waiting = false;
  let last = null;
  desk.on("counted", (sum) => {
    last = sum;
    if (waiting) {
      return;
    }
    waiting = true;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        waiting = false;
        desk.say("ready", { drawn: last.drawn, total: last.total });
      }),
    );
  });

  const orders = {
    async document({ revision, fit }) {
      const answer = await fetch(`stationdesk://map/document?revision=${revision}`);
      desk.load(await answer.json(), fit);
    },
    patch: ({ patch }) => desk.patch(patch),
    select: ({ slot }) => desk.select(slot),
    place: (order) => desk.startPlacing(order),
    draw: (order) => desk.startDrawing(order),
    edit: (order) => desk.editDrawing(order),
    step: ({ ahead }) => desk.stepTool(ahead),
    leave: () => desk.cancelTool(),
    forget: () => desk.dropPending(),
    sketch: ({ on }) => desk.setSketch(on),
    look: (order) => desk.lookAt(order),
    describe: (order) => desk.describe(order),
    fit: () => desk.fit(),
    theme: ({ dark }) => desk.setTheme(dark),
  };

  // One after the other: a patch waits for the document before it.
  let line = Promise.resolve();
  const told = (text) => {
    const order = JSON.parse(text);
    line = line.then(() => orders[order.order](order)).catch((error) => console.error(error.stack));
  };

  // What the page's policy stops never reaches the program's own guard; it is counted all the same.
  document.addEventListener("securitypolicyviolation", (event) => {
    desk.say("refused", { address: String(event.blockedURI).slice(0, 300) });
  });

  new QWebChannel(qt.webChannelTransport, (channel) => {
    program = channel.objects.program;
    program.told.connect(told);
    desk.say("hello", {});
  });
};
