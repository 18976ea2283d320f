#!/bin/sh
# sctp
tee -a svc.yaml <<'EOF'
apiVersion: v1
kind: Service
metadata:
  name: sctpservice
  namespace: sctp-demo
spec:
  type: ClusterIP
  selector:
    app: sctpserver
  ports:
    - name: sctpserver
      protocol: SCTP
      port: 30102
      targetPort: 30102
EOF
